/** docs/dialects.md, from the list of dialects: who speaks each, its paths, its replies, and a line to paste. */
import type { Dialect, Pasted } from './dialect.ts'

const AT = 'https://box.example.com'
const HOST: Pasted = { name: 'nas', token: '00112233445566778899aabbccddeeff' }

const INTRODUCTION = `# What the server understands

Clients of other monitoring systems report to Monitora as they are: only the address they report to changes, and the
token in it. (Made from \`server/dialects/\`: \`npx vitest run dialects/docs -u\` writes it.)

- \`monitora host add NAME\` registers a host, makes its token and prints these lines with both filled in. One token
  opens every dialect; where a UUID is demanded, it is written as one.
- A host that has a token is no longer accepted by the password that all hosts share. Healthchecks' ping key still opens
  it: that key is the installation's.
- How often a host should report is not said in a push or a ping. Give it \`--timeout\`, or \`--schedule\` and
  \`--grace\`, when it is added, or write them in monitora.yml.
- What is answered with success is kept. 503 with \`Retry-After\`: it could not be kept, because the disk is full, say;
  send it again. 429: it was said too often, or too many wrong tokens came from that address. 413: the body is too large.
- The examples are for a host called \`${HOST.name}\` and a server at \`${AT}\`.
`

export function dialectsDoc(dialects: readonly Dialect[]): string {
  return [INTRODUCTION, ...dialects.map(chapter)].join('\n')
}

function chapter({ doc: { title, clients, paths, replies, paste } }: Dialect): string {
  return `## ${title}

For ${clients}.

\`\`\`sh
${paste(AT, HOST)}
\`\`\`

${table([['methods', 'path', 'means'], ...paths.map(({ methods, path, means }) => [methods, code(path), means])])}

${table([['when', 'reply'], ...replies.map(({ when, reply }) => [when, reply])])}
`
}

/** As the formatter of the house writes it: columns as wide as their widest cell. */
function table([head = [], ...rows]: readonly string[][]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))))
  return [lines[0], line(widths.map((width) => '-'.repeat(width))), ...lines.slice(1)].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}
