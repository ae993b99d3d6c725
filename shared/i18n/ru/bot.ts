/** What the bot says, in Russian: no past tense has the name of a host as its subject, which has no gender. */
import type { BotTexts } from '../en/bot.ts'
import { onceIn } from './once-in.ts'

export const bot: BotTexts = {
  descriptions: {
    start: 'номер этого чата и можно ли ему спрашивать',
    help: 'на что я отвечаю',
    status: 'кто на связи, а кто молчит',
    restart: 'перезапустить процесс server',
    removeHost: 'забыть хост: /remove_host ИМЯ',
    silence: 'на время без оповещений: /silence ИМЯ 8h',
    ack: 'больше не напоминать об этом сбое: /ack ИМЯ',
    pause: 'сигналов от хоста не ждать: /pause ИМЯ',
    resume: 'снова оповещать: /resume ИМЯ',
    why: 'как узнали о сбое: /why ИМЯ [ВРЕМЯ]',
  },
  welcome: (chat) => `Номер этого чата ${chat}, спрашивать можно. О чём: /help`,
  stranger: (chat) =>
    `Номер этого чата ${chat}, спрашивать отсюда нельзя. Разрешить может хозяин Monitora: bot.chats в monitora.yml.`,
  unknownCommand: (quoted) => `Не знаю команды ${quoted}. На что я отвечаю: /help`,
  broken: 'Не получилось, причина в моём журнале.',
  checkerDown: {
    hears: (since) =>
      `⚪ Monitora: checker не работает с ${since}\nСигналы принимаются, но молчание никто не заметит, пока он не запустится.`,
    deaf: (since) =>
      `⚪ Monitora: checker не работает с ${since}\nserver тоже: никого не слышно, и молчание никто не заметит.`,
    disk: (since) =>
      `⚪ Monitora: checker не отзывается с ${since}\nДиск не принимает запись: пока это так, никого не слышно, и молчание никто не заметит.`,
  },
  checkerUp: (span) => `⚪ Monitora: checker снова работает через ${span}\nО пропущенном сообщит сейчас.`,
  status: {
    headline: (format, { total, troubled, time }) => {
      if (total === 0) return `Хостов пока нет (${time})`
      const need = format.plural(troubled, { one: 'требует', other: 'требуют' })
      return `${total - troubled} из ${total} в порядке${troubled > 0 ? `, ${troubled} ${need} внимания` : ''} (${time})`
    },
    silent: (span, since) => `нет связи ${span}, с ${since}`,
    says: { error: 'сообщает об ошибке', warning: 'предупреждает о проблеме', failed: 'сбой' },
    causes: { unfinished: 'выполнение не завершилось вовремя', stuck: 'на связи, но не продвигается' },
    saysMessage: (quoted) => `сообщает ${quoted}`,
    unreachable: (since) => `До меня ничего не доходит с ${since}`,
    allSilenced: (words) => `Всё: ${words}`,
    siteAway: ({ site, since, hosts }) => `${site}: нет связи с ${since}: ${hosts}`,
    unstable: (since) => `связь то есть, то нет с ${since}`,
    away: (hosts) => `В отлучке: ${hosts}`,
    awaySince: (host, since) => `${host} с ${since}`,
    paused: (hosts) => `На паузе: ${hosts}`,
    notYet: (hosts) => `Сигналов пока не было: ${hosts}`,
    taken: (by) => (by === '' ? 'уже занимаются' : `занимается ${by}`),
    hushed: {
      silence: (until) => (until === undefined ? 'без оповещений' : `без оповещений до ${until}`),
      maintenance: (until) => (until === undefined ? 'обслуживание' : `обслуживание до ${until}`),
    },
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
    done: (name, hadToken) =>
      hadToken
        ? `${name} больше нет в списке. Токен больше не действует; новый даёт ./monitora host add ${name} на сервере.`
        : `${name} больше нет в списке. Новый сигнал вернёт это имя как новый хост.`,
  },
  quiet: {
    which: {
      silence: 'Кого и надолго ли? /silence ИМЯ 8h, или site:ИМЯ, или all',
      ack: 'Что именно? /ack ИМЯ или site:ИМЯ',
      pause: 'Какой хост? /pause ИМЯ',
      resume: 'Что именно? /resume ИМЯ, или site:ИМЯ, или all',
    },
    everything: 'всё',
    noTarget: (quoted) => `${quoted}: это не хост, не место (site:ИМЯ) и не «all».`,
    noSpan: (quoted) => `Надолго ли? ${quoted} не похоже на срок вроде 30m, 8h или 2d.`,
    unknown: {
      host: (name, nearest) => `Хоста ${name} я не знаю.${nearest === undefined ? '' : ` Может быть, ${nearest}?`}`,
      site: (name, nearest) => `Места ${name} я не знаю.${nearest === undefined ? '' : ` Может быть, ${nearest}?`}`,
    },
    onlyHost: 'На паузу ставят только хост; для места или для всего есть silence.',
    notAll: 'Взять всё сразу нельзя: назовите хост или место как site:ИМЯ.',
    silenced: (what, until) => `${what}: без оповещений до ${until}. О том, что к тому времени не пройдёт, сообщу.`,
    taken: (what, by) => `${what}: занимается ${by}, больше не напоминаю, пока не закончится.`,
    takenAlready: (what, by) => `${what}: ${by === '' ? 'уже занимаются' : `уже занимается ${by}`}.`,
    notInTrouble: (what) => `${what}: заниматься нечем, всё в порядке.`,
    withSite: (name, site, target) => `${name} молчит вместе с ${site}: для этого есть ack ${target}.`,
    paused: (name) => `${name}: на паузе, сигналов не жду. Закончить: resume ${name}.`,
    pausedAlready: (name) => `${name}: уже на паузе.`,
    isPaused: 'на паузе',
    ended: (what, items) => `${what}: больше не действует: ${items}.`,
    nothingToEnd: (what, others) =>
      `${what}: своих ограничений на оповещения нет.${others === '' ? '' : ` Но: ${others}.`}`,
    none: 'Оповещения идут обо всём, на паузе никого, никто ничем не занимается.',
  },
  why: {
    which: 'Какой хост? /why ИМЯ или /why ИМЯ 12:03',
    noMoment: (quoted) => `Когда? ${quoted} не похоже на время вроде 12:03 или 2026-11-20T12:03.`,
    lasted: (name, { from, to, span }) => `${name}: не было связи ${from}–${to} (${span})`,
    lasts: (name, { from, span }) => `${name}: нет связи с ${from} (${span})`,
    none: (name) => `${name}: о сбоях ничего не известно`,
    trouble: (words, since) => `С ${since}: ${words}.`,
    runs: (list) => `Последние выполнения: ${list}.`,
    ran: {
      succeeded: (time, span) => `${time} завершено${span === undefined ? '' : ` через ${span}`}`,
      failed: (time, span, status) =>
        `${time} сбой${span === undefined ? '' : ` через ${span}`}${status === undefined ? '' : `, код завершения ${status}`}`,
      unfinished: (time) => `${time} не завершено вовремя`,
    },
    noneAt: (name, time) => `${name}: о сбое в это время (${time}) ничего не известно`,
    lastOne: (from) => `Последний начался: ${from}.`,
    lastSignal: (time, interval) =>
      `Последний сигнал: ${time}${interval === undefined ? '' : `; обычно ${onceIn(interval)}`}.`,
    due: (time, rule) => `Следующий ждали до ${time}${rule === undefined ? '' : ` (${rule})`}.`,
    timeout: (span) => `предел ${span}`,
    run: (time, grace) => `запуск ${time}${grace === undefined ? '' : `, не позже чем через ${grace}`}`,
    absences: (spans) => `Срок сдвинут, Monitora не слышала: ${spans}.`,
    absenceWhy: {
      'not-running': 'не работала',
      asleep: 'спала',
      'clock-set': 'часы перевели вперёд',
      'cannot-write': 'не записать на диск',
      stuck: 'зависла',
    },
    found: (time, reason) => `Молчание замечено ${time}: ${reason}.`,
    reasons: {
      'no-signal': 'сигнала не было',
      'missed-schedule': 'запуска не было',
      'site-silent': 'молчит всё место',
    },
    withSite: (site) => `молчит всё место ${site}`,
    notTold: (reason) => `Не сообщалось: ${reason}.`,
    hidden: {
      silence: 'оповещения отключены на время',
      pause: 'хост на паузе',
      maintenance: 'окно обслуживания',
      away: 'отлучка разрешена',
      unstable: 'связь пропадала слишком часто',
      'not-alerted': 'хост только показывается',
    },
    noReason: 'записи об оповещении нет',
    told: (time, id) => `Сообщено ${time}, оповещение ${id}:`,
    endTold: (time, id) => `О конце сообщено ${time}, оповещение ${id}:`,
    back: (time, noticed) => `Новый сигнал ${time}, замечен ${noticed}.`,
    removed: (time) => `Хост убран ${time}.`,
    channel: {
      delivered: (_, { channel, time, tries }) =>
        `${channel}: доставлено ${time}${tries > 1 ? `, попытка ${tries}` : ''}`,
      waiting: (_, { channel, time, tries }) =>
        tries === 0 ? `${channel}: ждёт очереди` : `${channel}: ждёт, попыток: ${tries}, следующая ${time}`,
      folded: (_, { channel }) => `${channel}: вошло в другое сообщение`,
      refused: (_, { channel, time }) => `${channel}: окончательный отказ ${time}`,
      'given-up': (_, { channel, time, tries }) => `${channel}: больше не пробую с ${time}, попыток: ${tries}`,
    },
    noTrace: 'ни один канал записи о нём не хранит',
    now: (words) => `Сейчас: ${words}.`,
    never: 'сигналов ещё не было',
    heard: (ago, due) => `последний сигнал ${ago} назад${due === undefined ? '' : `, следующий ждём до ${due}`}`,
    isAway: (since) => `в отлучке с ${since}, так и должно быть`,
  },
}
