/** What is said of errors, in Portuguese (Brazil): no participle agrees with the name of a project. */
import type { ErrorTexts } from '../en/errors.ts'
import { sentence } from '../sentence.ts'

const number = (count: number) => count.toLocaleString('pt-BR')
const NOUNS = {
  error: { new: 'erro novo', back: 'o erro voltou', old: 'erro' },
  warning: { new: 'aviso novo', back: 'o aviso voltou', old: 'aviso' },
  message: { new: 'mensagem nova', back: 'a mensagem voltou', old: 'mensagem' },
} as const
const TIMES = { one: 'vez', other: 'vezes' } as const

export const errors: ErrorTexts = {
  title: (format, { project, noun, age, count, span, at }) => [
    `🚨 ${project}: ${NOUNS[noun][age]}`,
    count > 1 ? `, ${number(count)} ${format.plural(count, TIMES)} em ${span}` : ` (${at})`,
  ],
  calledBy: (place, caller) => `${place}, a partir de ${caller}`,
  crash: 'Exceção não tratada.',
  environment: (name) => `Ambiente: ${name}.`,
  first: ({ at, release, after, isNew }) => {
    const since = after === undefined ? release && `na versão ${release}` : `${after} depois de surgir a ${release}`
    return sentence([at && `primeira vez às ${at}`, since], isNew && 'nunca tinha ocorrido')
  },
  backSince: (resolved, at) => `Resolução às ${resolved}${at === undefined ? '' : `; de novo desde ${at}`}.`,
  nextAt: (count) => `Aviso de novo quando chegar a ${number(count)}.`,
  tooMany: (project, until) =>
    `São muitos diferentes: de ${project} não aviso mais até ${until}. Todos: monitora errors ${project}`,

  cli: {
    none: (project) => (project === undefined ? 'Nenhum erro por resolver.' : `${project}: nenhum erro por resolver.`),
    more: (count) => `… e mais ${number(count)}`,
    line: (format, { project, id, what, count, first, last, release }) => {
      const times = `${number(count)} ${format.plural(count, TIMES)}, primeira ${first}, última ${last}`
      return `${project} ${id} ${what}: ${count > 1 ? times : `uma vez, ${first}`}${release ? `, na versão ${release}` : ''}`
    },
    releases: (first, last) => (last === undefined ? `Versão: ${first}` : `Versões: de ${first} a ${last}`),
    resolvedBy: (at, by) => `Resolução às ${at}${by === '' ? '' : ` (${by})`}.`,
    last: (at, of) => `O mais recente, às ${at}${of.length > 0 ? ` (${of.join(', ')})` : ''}:`,
    tags: (list) => `Etiquetas: ${list}`,
    before: 'Antes disso:',
    resolved: (project, id) => `${project} ${id}: dado por resolvido. Se voltar, eu aviso.`,
    resolvedAlready: (project, id, at) => `${project} ${id}: já dado por resolvido, às ${at}.`,
    unknownProject: (name, likely) => `${name}: nenhum erro é conhecido${likely ? `; você quis dizer ${likely}?` : ''}`,
    unknownGroup: (id, project, likely) =>
      `${id}: ${project} não tem esse erro${likely ? `; você quis dizer ${likely}?` : ''}`,
    ambiguous: (id, groups) => `${id}: mais de um começa assim: ${groups}`,
    whichGroup: '--resolve: informe PROJECT e GROUP (monitora errors mostra quais há)',
  },
}
