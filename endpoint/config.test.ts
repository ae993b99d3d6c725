import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../shared/config/problems.ts'
import { versionOf } from '../shared/files.ts'
import { hostNameOf } from '../shared/names.ts'
import { loadEndpointConfig } from './config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endpoint-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const load = (yaml: string, env: Record<string, string> = {}) => {
  writeFileSync(join(folder, 'endpoint.yml'), yaml)
  return loadEndpointConfig({ env, folder })
}
const problems = (run: () => unknown): string[] => {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, text }) => `${path}: ${text}`)
    throw error
  }
  return []
}

const GOOD = 'server: http://box:1234\nuser: home\npassword: s3cret\n'
const ORIGINAL = 'SERVER: http://box:1234\nHOST: nas\nUSER: home\nPWD: s3cret\nINTERVAL: 30\n'

describe('endpoint.yml', () => {
  it('is read whole', () => {
    expect(load(`${GOOD}host: nas\nsite: home\ninterval: 2m\n`)).toEqual({
      file: join(folder, 'endpoint.yml'),
      version: versionOf(join(folder, 'endpoint.yml')),
      url: 'http://box:1234/signal',
      host: 'nas',
      site: 'home',
      user: 'home',
      password: 's3cret',
      intervalMs: 120_000,
    })
  })

  it('takes a token instead of user and password, and then needs no name', () => {
    const yaml = 'server: http://box:1234\ntoken: 0123456789abcdef\n'
    expect(load(yaml)).toMatchObject({ token: '0123456789abcdef', hostIsImplied: true, host: hostNameOf(hostname()) })
    expect(load(`${yaml}host: nas\n`)).toMatchObject({ host: 'nas', hostIsImplied: false })
    expect(load(yaml)).not.toHaveProperty('user')
  })

  it("takes the machine's own name and promises no interval when it says neither", () => {
    expect(load(GOOD)).toMatchObject({ host: hostNameOf(hostname()), site: undefined, intervalMs: undefined })
  })

  it.each([
    ['http://box:1234', 'http://box:1234/signal'],
    ['http://box:1234/', 'http://box:1234/signal'],
    ['http://box:1234/signal', 'http://box:1234/signal'],
    ['http://box:1234/signal/', 'http://box:1234/signal'],
    ['https://example.com/monitora', 'https://example.com/monitora/signal'],
    ['"http://[::1]:1234"', 'http://[::1]:1234/signal'],
  ])('posts to the server %s at %s', (server, url) => {
    expect(load(GOOD.replace('http://box:1234', server)).url).toBe(url)
  })

  it('fills in the environment, .env, defaults and secret files', () => {
    writeFileSync(join(folder, '.env'), 'BOX=dotenv.example.com\n')
    writeFileSync(join(folder, 'secret'), 'from a file\n')
    const yaml = `server: "http://\${BOX}:1234"\nuser: \${WHO}\npassword: \${SECRET}\nsite: \${SITE:-home}\n`
    const env = { WHO: 'me', SECRET_FILE: join(folder, 'secret') }
    expect(load(yaml, env)).toMatchObject({
      url: 'http://dotenv.example.com:1234/signal',
      user: 'me',
      password: 'from a file',
      site: 'home',
    })
  })

  it.each([
    ['nothing that belongs there', 'a: 1', /^a: unknown key.*\nserver: missing.*\nuser: missing.*\npassword: missing/],
    ['a URL without scheme', GOOD.replace('http://', ''), /^server: found "box:1234", expected a URL such as/],
    ['a URL of another kind', GOOD.replace('http:', 'ftp:'), /^server: found "ftp:/],
    ['a URL with a query', GOOD.replace('1234', '1234/?a=1'), /^server: found/],
    ['a port out of range', GOOD.replace('1234', '99999'), /^server: found/],
    ['a number for a server', GOOD.replace('http://box:1234', '1234'), /^server: found 1234/],
    [
      'a password in the URL',
      GOOD.replace('box', 'home:s3cret@box'),
      /^server: found one with an @, expected.*without/,
    ],
    ['a broken URL with one', GOOD.replace('http://box', 'home:s3cret@box'), /^server: found one with an @/],
    ['a name with a dot', `${GOOD}host: nas.lan`, /^host: found "nas.lan", expected a name of letters/],
    ['a name that leaves the folder', `${GOOD}host: ../x`, /^host: found/],
    ['a name too long', `${GOOD}host: ${'a'.repeat(65)}`, /^host: found/],
    ['a user with a colon', GOOD.replace('home', '"ho:me"'), /^user: found "ho:me", expected.*colon/],
    ['an empty password', GOOD.replace('s3cret', '""'), /^password: found something else, expected text/],
    ['a list for a password', GOOD.replace('s3cret', '[s3cret]'), /^password: found something else/],
    ['an empty site', `${GOOD}site: ""`, /^site: found "", expected text/],
    ['an interval under a second', `${GOOD}interval: 0.5`, /^interval: found 0.5, expected a span.*1 s to 1 d/],
    ['an interval over a day', `${GOOD}interval: 2d`, /^interval: found "2d"/],
    ['an interval without sense', `${GOOD}interval: often`, /^interval: found "often"/],
    ['a token beside a password', `${GOOD}token: 0123456789abcdef`, /^token: found beside user or password/],
    ['a token beside a user', 'server: http://b\nuser: u\ntoken: s3cret0123456789', /^token: found beside/],
    ['a short token', 'server: http://b\ntoken: s3cret', /^token: found something else, expected a token of 16/],
    ['an original with a token', `${ORIGINAL}TOKEN: s3cret0123456789`, /^TOKEN: unknown key/],
    ['keys of both kinds', `${GOOD}PWD: s3cret`, /^PWD: unknown key/],
    ['an original with a key too many', `${ORIGINAL}PORT: 1`, /^PORT: unknown key/],
    ['an original without password', 'SERVER: box\nUSER: u', /^PWD: missing/],
    ['a variable that is not set', GOOD.replace('s3cret', `\${NOPE}`), /^password: \$\{NOPE\} is not set[^\n]*$/],
    ['the form of another file', 'USER=home PWD=s3cret', /^: expected settings/],
    ['a list', '- s3cret', /^: expected settings/],
    ['nothing', '', /^: is empty \(endpoint.example.yml/],
    ['no YAML', 'password: "s3cret', /^: is no YAML/],
  ])('refuses %s, without a word of the password', (_, yaml, expected) => {
    const found = problems(() => load(yaml)).join('\n')
    expect(found).toMatch(expected)
    expect(found).not.toContain('s3cret')
  })

  it('lists all problems at once, each with its file', () => {
    const yaml = 'server: box\nhost: a b\nuser: ""\npassword: ""\ninterval: 0\nsite: []\nwhat: 1\n'
    expect(problems(() => load(yaml))).toHaveLength(7)
    expect(() => load(yaml)).toThrow(`${join(folder, 'endpoint.yml')}: host: found "a b", expected`)
  })

  it('is looked for where --config says, then the environment, then here', () => {
    const named = (name: string) => {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'e.yml'), `${GOOD}host: ${name}\n`)
      return join(folder, name, 'e.yml')
    }
    const env = { MONITORA_ENDPOINT_CONFIG: named('environment') }
    load(`${GOOD}host: here\n`)
    expect(loadEndpointConfig({ file: named('option'), env, folder }).host).toBe('option')
    expect(loadEndpointConfig({ file: 'option/e.yml', env, folder }).host).toBe('option')
    expect(loadEndpointConfig({ env, folder }).host).toBe('environment')
    expect(loadEndpointConfig({ env: {}, folder }).host).toBe('here')
    expect(problems(() => loadEndpointConfig({ file: 'nowhere.yml', env, folder }))).toEqual([
      ': cannot be read: ENOENT',
    ])
  })
})

describe("an original's file", () => {
  it.each([
    ['10.0.0.5', 'http://10.0.0.5:1234/signal'],
    ['box.example.com:8080', 'http://box.example.com:8080/signal'],
    ['box:80', 'http://box/signal'],
    ['box/signal', 'http://box:1234/signal'],
    ['"[::1]"', 'http://[::1]:1234/signal'],
    ['http://box', 'http://box/signal'],
    ['https://box:1234/signal', 'https://box:1234/signal'],
  ])('with the server %s posts to %s', (server, url) => {
    const yaml = ORIGINAL.replace('http://box:1234', server)
    const rest = { host: 'nas', user: 'home', password: 's3cret', intervalMs: 30_000 }
    expect(load(yaml)).toMatchObject({ url, ...rest })
  })

  it('never shows a password that stands in its server', () => {
    const found = problems(() => load(ORIGINAL.replace('http://box', 'home:s3cret@box')))
    expect(found).toEqual([expect.stringMatching(/^SERVER: found one with an @/)])
  })
})
