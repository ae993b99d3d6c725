/**
 * An original installation moves in: its own flat files, its folder of `.host` files, and a client that is not ours,
 * the ten-line loop that runs on machines at home, in Python with requests.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram.ts'
import { Box, freePort, PROJECT, until } from './box.ts'

const CLIENT = `
import sys, time
import requests
while True:
    try:
        r = requests.post(sys.argv[1] + "/signal", data={"host": sys.argv[2]}, auth=(sys.argv[3], sys.argv[4]), timeout=5)
        print(r.status_code, r.json()["message"], flush=True)
    except requests.exceptions.RequestException as e:
        print("failed", type(e).__name__, flush=True)
    time.sleep(float(sys.argv[5]))
`

const python = ['/usr/bin/python3', 'python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'import requests'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

describe.skipIf(python === undefined)('with python3-requests (skipped where it is not installed)', () => {
  const box = new Box()
  const clients: ChildProcess[] = []
  let telegram: FakeTelegram
  let port: number
  let said = ''

  function client(host: string, password: string): ChildProcess {
    const args = ['-c', CLIENT, `http://127.0.0.1:${port}`, host, 'casa', password, '1']
    const child = spawn(python!, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout?.on('data', (text) => {
      said += text
    })
    clients.push(child)
    return child
  }

  beforeAll(async () => {
    telegram = await startFakeTelegram({ token: '123:TEST' })
    box.env = {
      NODE_OPTIONS: `--import ${join(PROJECT, 'test/fakes/redirect-telegram.mjs')}`,
      FAKE_TELEGRAM: telegram.url,
    }
    port = await freePort()
    mkdirSync(join(box.folder, 'hosts'))
    // As the original leaves it: a float, no newline, a few seconds old.
    writeFileSync(join(box.folder, 'hosts/velho.host'), String(Date.now() / 1000 - 2))
    box.configure('')
    writeFileSync(box.config, `USER: casa\nPWD: segredo\nPATH: ${box.folder}/hosts/\nPORT: ${port}\n`)
    await box.start('server')
    writeFileSync(
      box.config,
      `TOKEN: "123:TEST"
CHATID: -100
PATH: ${box.folder}/hosts/
HOSTS: [sala, velho]
INTERVAL_CHECKER: 1
INTERVAL_PROBLEM: 4
INTERVAL_RETRY_MESSAGE: 3600
`,
    )
  })

  afterAll(async () => {
    for (const child of clients) child.kill('SIGKILL')
    await box.remove()
    await telegram.close()
  })

  test('its clients are heard, its hosts watched, its .host files kept; wrong words get the original answers', async () => {
    await box.start('checker')
    await box.start('bot')
    const sala = client('sala', 'segredo')
    await until('the client to be heard', () => said.includes('200 Signal Registered'))
    expect(readFileSync(join(box.folder, 'hosts/sala.host'), 'latin1')).toMatch(/^\d{10}\n$/)

    client('quarto', 'errado')
    await until('the wrong password', () => /401 /.test(said))
    client('mau/nome', 'segredo')
    await until('the bad name', () => said.includes('400 Invalid host name'))
    client('', 'segredo')
    await until('no name', () => said.includes('400 No host'))

    const told = (start: string) => telegram.waitForMessage(({ text }) => text.startsWith(start), 30_000)
    sala.kill('SIGKILL')
    expect((await told('🔴 sala sem comunicação desde')).chat_id).toBe(-100)
    await told('🔴 velho sem comunicação desde')
    telegram.say(-100, '/status')
    await told('0 de 2')
    client('sala', 'segredo')
    await told('🟢 sala voltou ao normal')
    const state = readFileSync(join(box.folder, 'hosts/.monitora/state/hosts/sala.json'), 'utf8')
    expect(JSON.parse(state)).toMatchObject({ verdict: 'up', reason: 'signal' })
  }, 60_000)
})
