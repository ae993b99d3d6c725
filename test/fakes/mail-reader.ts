/** As much of a mail reader as tests need: a message as it came over SMTP, its headers and parts decoded. */
export interface ReadMail {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** The text of each part by its type, such as `text/plain`. */
  readonly parts: ReadonlyMap<string, string>
}

export function readMail(raw: string): ReadMail {
  const { headers, body } = split(raw)
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1]
  const parts = body.split(`--${boundary}`).slice(1, -1)
  return { headers, parts: new Map(parts.map((part) => decodePart(split(part.replace(/^\r\n/, ''))))) }
}

function split(raw: string) {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...rest] = line.split(': ')
    return [name.toLowerCase(), decodeWords(rest.join(': '))]
  })
  return { headers: new Map(headers), body: raw.slice(end + 4) }
}

function decodePart({ headers, body }: ReturnType<typeof split>): [string, string] {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const encoding = headers.get('content-transfer-encoding')
  const bytes =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? unquote(body.replace(/=\r\n/g, ''))
        : Buffer.from(body)
  return [type, bytes.toString('utf8').replaceAll('\r\n', '\n').trimEnd()]
}

function decodeWords(value: string): string {
  return value
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      (/b/i.test(kind) ? Buffer.from(word, 'base64') : unquote(word.replaceAll('_', ' '))).toString('utf8'),
    )
}

function unquote(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}
