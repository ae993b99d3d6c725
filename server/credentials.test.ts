import { expect, test } from 'vitest'
import { basicCredentials } from './credentials.ts'

const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64')

test.each([
  ['as most clients write it', `Basic ${base64('home:geheim:é')}`, true],
  ['with another case of the scheme', `bASIC ${base64('home:geheim:é')}`, true],
  ['with more spaces', `Basic   ${base64('home:geheim:é')} `, true],
  ['without padding', `Basic ${base64('home:geheim:é').replace(/=+$/, '')}`, true],
  ['in Latin-1', `Basic ${base64('home:geheim:é', 'latin1')}`, true],
  ['with another password', `Basic ${base64('home:geheim:e')}`, false],
  ['with another user', `Basic ${base64('Home:geheim:é')}`, false],
  ['with more behind it', `Basic ${base64('home:geheim:é1')}`, false],
  ['with less', `Basic ${base64('home:geheim:')}`, false],
  ['without a scheme', base64('home:geheim:é'), false],
  ['with another scheme', `Bearer ${base64('home:geheim:é')}`, false],
  ['as plain text', 'Basic home:geheim:é', false],
  ['empty', '', false],
  ['bare', 'Basic', false],
])('credentials %s', (_, header, fits) => {
  expect(basicCredentials('home', ['geheim:é']).fit(header)).toBe(fits)
})

test('a password outside Latin-1 is not fooled by what Latin-1 would cut it to', () => {
  const credentials = basicCredentials('home', ['ключ'])
  expect(credentials.fit(`Basic ${base64('home:ключ')}`)).toBe(true)
  expect(credentials.fit(`Basic ${base64('home:ключ', 'latin1')}`)).toBe(false)
})
