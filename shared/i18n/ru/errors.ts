/** What is said of errors, in Russian: nouns and «снова» in place of a past tense that would have to agree. */
import type { ErrorNoun, ErrorTexts } from '../en/errors.ts'
import type { Format } from '../format.ts'
import { sentence } from '../sentence.ts'
import { withoutOne } from './once-in.ts'

const number = (count: number) => count.toLocaleString('ru-RU')
const NOUNS: Readonly<Record<ErrorNoun, { readonly fresh: string; readonly noun: string }>> = {
  error: { fresh: 'новая ошибка', noun: 'ошибка' },
  warning: { fresh: 'новое предупреждение', noun: 'предупреждение' },
  message: { fresh: 'новое сообщение', noun: 'сообщение' },
}
const times = (format: Format, count: number) =>
  `${number(count)} ${format.plural(count, { one: 'раз', few: 'раза', many: 'раз', other: 'раза' })}`

export const errors: ErrorTexts = {
  title: (format, { project, noun, age, count, span, at }) => {
    const known = NOUNS[noun]
    const what = { new: known.fresh, back: `снова ${known.noun}`, old: known.noun }[age]
    return [`🚨 ${project}: ${what}`, count > 1 ? `, ${times(format, count)} за ${withoutOne(span)}` : ` (${at})`]
  },
  calledBy: (place, caller) => `${place}, вызов из ${caller}`,
  crash: 'Необработанное исключение.',
  environment: (name) => `Окружение: ${name}.`,
  first: ({ at, release, after, isNew }) => {
    const since = after === undefined ? release && `в версии ${release}` : `через ${after} после появления ${release}`
    return sentence([at && `впервые в ${at}`, since], isNew && 'раньше не было')
  },
  backSince: (resolved, at) => `Исправлено в ${resolved}${at === undefined ? '' : `, но с ${at} снова здесь`}.`,
  nextAt: (count) => `Снова сообщу, когда наберётся ${number(count)}.`,
  tooMany: (project, until) =>
    `Разных слишком много: о ${project} больше не сообщаю до ${until}. Все: monitora errors ${project}`,

  cli: {
    none: (project) =>
      project === undefined ? 'Неисправленных ошибок нет.' : `${project}: неисправленных ошибок нет.`,
    more: (count) => `… и ещё ${number(count)}`,
    line: (format, { project, id, what, count, first, last, release }) => {
      const seen =
        count > 1 ? `${times(format, count)}, впервые в ${first}, последний раз в ${last}` : `один раз, в ${first}`
      return `${project} ${id} ${what}: ${seen}${release ? `, версия ${release}` : ''}`
    },
    releases: (first, last) => (last === undefined ? `Версия: ${first}` : `Версии: от ${first} до ${last}`),
    resolvedBy: (at, by) => `Исправлено в ${at}${by === '' ? '' : ` (${by})`}.`,
    last: (at, of) => `Последний раз, в ${at}${of.length > 0 ? ` (${of.join(', ')})` : ''}:`,
    tags: (list) => `Метки: ${list}`,
    before: 'Перед этим:',
    resolved: (project, id) => `${project} ${id}: исправлено. Если повторится, сообщу.`,
    resolvedAlready: (project, id, at) => `${project} ${id}: уже исправлено, в ${at}.`,
    unknownProject: (name, likely) =>
      `${name}: об ошибках этого проекта ничего не известно${likely ? `; может быть, ${likely}?` : ''}`,
    unknownGroup: (id, project, likely) =>
      `${id}: у ${project} такой ошибки нет${likely ? `; может быть, ${likely}?` : ''}`,
    ambiguous: (id, groups) => `${id}: так начинается несколько: ${groups}`,
    whichGroup: '--resolve: нужны PROJECT и GROUP (их покажет monitora errors)',
  },
}
