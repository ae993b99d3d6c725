/**
 * The servers that ours is held against, one kind a process: the least that Node can do, and what one writes with
 * Express without a second thought. `servers.mjs KIND FOLDER`; the `.host` files to overwrite lie in the folder, or what
 * is appended does.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import express from 'express'

const [kind = '', folder = ''] = process.argv.slice(2)
const REPLY = { message: 'Signal Registered' }

/** @param {string} host */
function overwrite(host) {
  const fd = openSync(join(folder, `${host}.host`), 'r+')
  writeSync(fd, `${Math.floor(Date.now() / 1000)}\n`, 0, 'latin1')
  closeSync(fd)
}

/**
 * @param {(host: string) => void} keep
 * @returns {import('node:http').RequestListener}
 */
function bare(keep) {
  const body = JSON.stringify(REPLY)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  return (req, res) => {
    let form = ''
    req.on('data', (chunk) => {
      form += chunk
    })
    req.on('end', () => {
      keep(form.slice('host='.length).split('&', 1)[0] ?? '')
      res.writeHead(200, headers)
      res.end(body)
    })
  }
}

/**
 * Each body is on disk before it is answered; all that came during one sync share the next.
 * @returns {import('node:http').RequestListener}
 */
function bareSynced() {
  const body = JSON.stringify(REPLY)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
  /** @type {{ text: string, done: () => void }[]} */
  let waiting = []
  let busy = false
  const opened = open(join(folder, 'appended'), 'a')
  const flush = async () => {
    busy = true
    const file = await opened
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      await file.appendFile(batch.map(({ text }) => text).join(''))
      await file.sync()
      for (const { done } of batch) done()
    }
    busy = false
  }
  return (req, res) => {
    let text = ''
    req.on('data', (chunk) => {
      text += chunk
    })
    req.on('end', () => {
      const done = () => res.writeHead(200, headers).end(body)
      waiting.push({ text, done })
      if (!busy) void flush()
    })
  }
}

/** @param {(host: string) => void} keep */
function plainExpress(keep) {
  const app = express()
  app.use(express.urlencoded())
  app.post('/signal', (req, res) => {
    keep(req.body.host)
    res.json(REPLY)
  })
  return app
}

const keepNothing = () => {}
/** @type {Record<string, () => import('node:http').RequestListener>} */
const KINDS = {
  bare: () => bare(keepNothing),
  'bare-write': () => bare(overwrite),
  'bare-synced': bareSynced,
  express: () => plainExpress(keepNothing),
  'express-write': () => plainExpress(overwrite),
}

const server = createServer(KINDS[kind]?.()).listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('disconnect', () => process.exit())
