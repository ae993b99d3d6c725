/** What the bot says, in Russian: no past tense has the name of a host as its subject, which has no gender. */
import type { BotTexts } from '../en/bot.ts'

export const bot: BotTexts = {
  descriptions: {
    start: 'номер этого чата и можно ли ему спрашивать',
    help: 'на что я отвечаю',
    status: 'кто на связи, а кто молчит',
    restart: 'перезапустить процесс server',
    removeHost: 'забыть хост: /remove_host ИМЯ',
  },
  welcome: (chat) => `Номер этого чата ${chat}, спрашивать можно. О чём: /help`,
  stranger: (chat) =>
    `Номер этого чата ${chat}, спрашивать отсюда нельзя. Разрешить может хозяин Monitora: bot.chats в monitora.yml.`,
  unknownCommand: (quoted) => `Не знаю команды ${quoted}. На что я отвечаю: /help`,
  broken: 'Не получилось, причина в моём журнале.',
  checkerDown: (since) =>
    `⚪ Monitora: checker не работает с ${since}\nСигналы принимаются, но молчание никто не заметит, пока он не запустится.`,
  checkerUp: (span) => `⚪ Monitora: checker снова работает через ${span}\nО пропущенном сообщит сейчас.`,
  status: {
    headline: (format, { total, troubled, time }) => {
      if (total === 0) return `Хостов пока нет (${time})`
      const need = format.plural(troubled, { one: 'требует', other: 'требуют' })
      return `${total - troubled} из ${total} в порядке${troubled > 0 ? `, ${troubled} ${need} внимания` : ''} (${time})`
    },
    silent: (span, since) => `нет связи ${span}, с ${since}`,
    says: { error: 'сообщает об ошибке', warning: 'предупреждает о проблеме' },
    saysMessage: (quoted) => `сообщает ${quoted}`,
    never: 'ни разу',
    notAlerted: (name) => `${name} (без оповещений)`,
    more: (count) => `и ещё ${count}`,
    heard: (hosts) => `${hosts.map(({ name, ago }) => `${name} ${ago}`).join(', ')} назад`,
    run: (format, processes) =>
      `${processes.join(', ')} ${format.plural(processes.length, { one: 'работает', few: 'работают', many: 'работают', other: 'работают' })}`,
    stopped: (process, since) => `${process}: нет признаков работы с ${since}`,
    neverRan: (process) => `${process} ни разу не работал`,
    unsent: (format, count) =>
      count === 0
        ? 'всё отправлено'
        : `${format.plural(count, { one: 'ждёт', few: 'ждут', many: 'ждут', other: 'ждут' })} отправки: ${count}`,
    failed: (_, count) => `доставить не удалось: ${count}`,
  },
  restart: {
    runs: 'server после перезапуска снова работает',
    unsupervised: 'Перезапустить server не могу: за мной не следят ни PM2, ни supervisor. Перезапустите вручную.',
    noSign: 'server после перезапуска 20 секунд не подаёт признаков жизни. Причина должна быть в его журнале.',
    notFound: (program) => `перезапуска server не было: ${program} здесь не установлен`,
    tooSlow: (program) => `перезапуска server, возможно, не было: ${program} не управился за 30 секунд`,
    refused: (program, why) => `перезапуска server не было: ${program} отвечает ${why}`,
  },
  remove: {
    which: 'Какой хост? /remove_host ИМЯ',
    noName: (quoted) => `${quoted} не может быть именем хоста: буквы латиницы, цифры, _ и - (не больше 64).`,
    unknown: (name) => `Хоста ${name} я не знаю.`,
    configured: (name, file) => `${name} остаётся: это имя стоит в ${file}, уберите его там.`,
    configuredInHosts: (name, file) => `${name} остаётся: это имя стоит в ${file} в HOSTS, уберите его там.`,
    done: (name) => `${name} больше нет в списке. Новый сигнал вернёт это имя как новый хост.`,
  },
}
