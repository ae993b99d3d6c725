/** A host's name has no gender: nouns and impersonal forms instead of past tense («нет связи», «перезагрузка»). */

import type { AlertTexts, Names } from '../en/alerts.ts'
import type { Format } from '../format.ts'
import { withQuote } from '../sentence.ts'
import { onceIn, withoutOne } from './once-in.ts'

const counted = (format: Format, count: number, one: string, few: string, many: string) =>
  `${count} ${format.plural(count, { one, few, many, other: few })}`
/** The past tense of several has no gender. */
const restarted = (names: Names, at: string | undefined) => {
  const when = at === undefined ? '' : ` в ${at}`
  return names.count === 1 ? `перезагрузка ${names.text}${when}` : `${names.text} включились заново${when}`
}
const didNotRestart = (names: Names) =>
  names.count === 1 ? `у ${names.text} перезагрузки не было` : `${names.text} не перезагружались`

export const alerts: AlertTexts = {
  note: (text) => `Заметка: ${text}`,
  nextReminder: (at) => `Напомню в ${at}.`,
  fullName: (name) => `Имя полностью: ${name}`,
  noSignal: (timeout) => `Сигнала нет ${timeout}.`,
  noSignalOf: (timeout, interval) => `Сигнала нет ${timeout}, обычно он приходит ${onceIn(interval)}.`,
  missedSchedule: (at, grace) => `Сигнала, назначенного на ${at}, нет; ждали ещё ${grace}.`,
  neighbours: (names, site) =>
    site === undefined ? `${names.text} на связи.` : `${names.text} (${site}) на связи, значит, интернет там есть.`,
  nobodyYet: 'Пока никто за это не взялся.',
  heldAgainstNoOne: 'Молчание за это время не в счёт.',
  getTime: 'Машинам дано время, чтобы выйти на связь.',

  silentTitle: (host, since) => [`🔴 ${host}: нет связи с ${since}`],
  saidGoodbye: (at) => `В ${at} пришло сообщение об остановке агента.`,
  expectedAway: (span) => `Ожидалось отсутствие не дольше чем на ${span}.`,
  lastWords: (quoted, at) => `Последнее сообщение: ${quoted}${at === undefined ? '' : ` (${at})`}`,
  stillSilentTitle: (host, span, since) => [`🔴 ${host}: нет связи уже ${span}`, `, с ${since}`],
  backTitle: (name, span, range) => [`🟢 ${name} снова на связи`, ` через ${span}`, ` (${range})`],
  backTroubledTitle: (name, span, range) => [`🟠 ${name} снова на связи`, ` через ${span}`, ` (${range})`],
  stillTroubled: {
    error: (quoted) => withQuote('Но сообщает об ошибке', quoted),
    warning: (quoted) => withQuote('Но предупреждает о проблеме', quoted),
    failed: (quoted) => withQuote('Но произошёл сбой', quoted),
    unfinished: (quoted) => withQuote('Но запуск не завершился', quoted),
  },
  rebooted: (at, goodbye) => `Причина: перезагрузка в ${at}${goodbye ? '' : ', без штатного выключения'}.`,
  slept: 'Причина: спящий режим.',
  networkOnly: (format, unsent) => {
    const notSent = format.plural(unsent, { one: 'не отправлен', other: 'не отправлено' })
    return `Причина: пропадала только сеть; машина работала, ${notSent} ${counted(format, unsent, 'сигнал', 'сигнала', 'сигналов')}.`
  },
  agentStopped: 'Причина: остановка агента; машина работала.',
  causeUnknown: 'Причина неизвестна: этот клиент о себе не рассказывает.',
  notPowerCut: (names) => `Свет не отключали: ${didNotRestart(names)}.`,
  missedSignals: (format, count) =>
    `Не хватает примерно ${count} ${format.plural(count, { one: 'сигнала', other: 'сигналов' })}.`,
  missedRuns: (format, count) => `Пропущено: ${counted(format, count, 'запуск', 'запуска', 'запусков')}.`,
  firstTitle: (host, at) => [`👋 ${host} впервые на связи`, ` (${at})`],
  firstDetails: (address, site, interval) => {
    const parts = [address && `адрес ${address}`, site && `место ${site}`, interval && onceIn(interval)].filter(Boolean)
    const text = parts.join(', ')
    return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
  },
  willTellAfter: (timeout) => `Если сигнала не будет ${timeout}, сообщу.`,
  shortTimeout: (timeout, interval, better) =>
    `Сигнал приходит ${onceIn(interval)}, а ждать его велено ${timeout}: один потерянный сигнал, и тревога будет ложной. Лучше timeout: ${better} или больше.`,

  errorTitle: (host, at) => [`🟠 ${host} сообщает об ошибке`, ` (${at})`],
  warningTitle: (host, at) => [`🟠 ${host} предупреждает о проблеме`, ` (${at})`],
  inARow: (format, count) => `${counted(format, count, 'раз', 'раза', 'раз')} подряд.`,
  failedTitle: (host, at) => [`🔴 ${host}: сбой`, ` (${at})`],
  overdueTitle: {
    unfinished: (host, since) => [`🔴 ${host}: нет завершения`, `, начало в ${since}`],
    stuck: (host, since) => [`🟠 ${host} на связи, но стоит`, ` с ${since}`],
  },
  overdue: {
    unfinished: (within) => `Завершение ожидалось не позже чем через ${within}.`,
    stuck: (within) => `Сигналы приходят, но продвижения нет: ${within}.`,
  },
  endedAfterAll: 'Завершение всё-таки пришло.',
  getsOn: 'Работа снова идёт.',
  exitStatus: (status) => `Код завершения ${status}.`,
  wroteLast: 'Последние строки:',
  heartbeatTitle: (host, at) => [`✅ ${host}: проект активен`, ` (${at})`],
  heartbeat: ({ type, status, version }) =>
    [type && `Тип ${type}`, status && `статус ${status}`, version && `версия ${version}`].filter(Boolean).join(', '),
  usuallyAt: (at, scheduled) =>
    `Обычно сигнал приходит в ${at}, а по расписанию в ${scheduled}: верно ли указан часовой пояс?`,
  usuallyEvery: (span, scheduled) => `Обычно сигнал приходит раз в ${span}, а по расписанию раз в ${scheduled}.`,
  clearedTitle: (host, span, range) => [`🟢 ${host} в порядке`, ` через ${span}`, ` (${range})`],
  itSaid: (quoted) => `До этого: ${quoted}`,
  neverTitle: (host) => [`🟠 ${host}: ни одного сигнала`],
  configuredSince: (at) => `Имя стоит в monitora.yml${at === undefined ? '' : ` с ${at}`}.`,
  typo: (names) =>
    `${names.text} на связи, но в файле ${names.count === 1 ? 'такого имени' : 'таких имён'} нет: опечатка?`,
  twoTitle: (host) => [`🟠 Две машины под одним именем: ${host}`],
  takeTurns: (addresses) => {
    const who = ['Сигналы идут', `Обе по адресу ${addresses.text}, сигналы идут`][addresses.count]
    return `${who ?? `${addresses.text}: сигналы идут`} по очереди. Если одна замолчит, никто не заметит.`
  },
  rename: 'Дайте одной из них другое имя: host: в её endpoint.yml.',
  unstableTitle: (host, times) => [
    `🟠 ${host}: связь то есть, то нет`,
    times && `, ${counted(times.format, times.changes, 'раз', 'раза', 'раз')} за ${withoutOne(times.span)}`,
  ],
  silentAgain: (since) => `Сейчас связи снова нет, с ${since}.`,
  quietUntilStable: 'Больше об этом не сообщаю, пока связь не наладится.',
  stableTitle: (host) => [`🟢 ${host}: связь наладилась`],
  stableSilentTitle: (host, since) => [`🔴 ${host}: связи так и нет`, `, с ${since}`],
  wasUnstable: (since) =>
    since === undefined ? 'Теперь снова сообщаю.' : `Связь то была, то нет с ${since}; теперь снова сообщаю.`,

  siteSilentTitle: (site, since, silent) => [`🔴 ${site}: нет связи с ${since}`, `, молчат ${silent}`],
  outOf: (count, of) => (of === undefined ? `${count}` : `${count} из ${of}`),
  stoppedWithin: (names, span) => `${names} замолчали друг за другом за ${span}.`,
  silentNow: (names) => `Без связи: ${names}.`,
  othersReport: (site) => `Другие места на связи, значит, свет или интернет пропал только здесь: ${site}.`,
  noOtherReports: 'Другие места тоже молчат: возможно, дело в сети самого монитора.',
  willHearWhich: 'Что именно, сообщу, когда связь вернётся.',
  willHearWhy: 'Почему, сообщу, когда связь вернётся.',
  siteStillTitle: (site, span, since) => [`🔴 ${site}: нет связи уже ${span}`, `, с ${since}`],
  siteBackTitle: (site, missing) => [`🟠 ${site} снова на связи, кроме ${missing}`],
  offlineFor: (span, range) => `Не было ${span} (${range}).`,
  powerCut: (names, at) => (names.count === 0 ? 'Отключали свет.' : `Отключали свет: ${restarted(names, at)}.`),
  networkCut: (names) => (names.count === 0 ? 'Пропадал интернет.' : `Пропадал интернет: ${didNotRestart(names)}.`),
  mixedCut: (rebooted, at, stayedUp) => {
    const parts = [rebooted.count > 0 && restarted(rebooted, at), stayedUp.count > 0 && didNotRestart(stayedUp)]
    return `Не у всех одинаково: ${parts.filter(Boolean).join('; ') || 'у одних перезагрузка, у других нет'}.`
  },
  backAgain: (names) => `Снова на связи: ${names}.`,
  missing: (names, since, byHand) => {
    const silent = names.count === 1 ? 'молчит' : 'молчат'
    return `${names.text} ${silent} с ${since}${byHand ? '; возможно, нужно включить вручную' : ''}.`
  },

  processDownTitle: (process, since) => [`⚪ Monitora: ${process} не работает с ${since}`],
  processDown: {
    server: 'До запуска никого не слышно; это время никому не в счёт.',
    bot: 'До запуска команды остаются без ответа. Оповещения приходят как обычно.',
  },
  diskTitle: (since) => ['⚪ Monitora: диск не принимает запись', ` (${since})`],
  disk: 'Сообщения ждут, пока не примет: диск заполнен или только для чтения?',
  roundsFail: 'Процесс запущен, но сбоит: молчание никто не заметит, пока это не пройдёт. Подробности в журнале.',
  diskAgainTitle: (span) => ['⚪ Monitora: диск снова принимает запись', ` через ${span}`],
  diskAgain: 'Отложенные сообщения отправлю сейчас.',
  processUpTitle: (process, span) => [`⚪ Monitora: ${process} снова работает`, ` через ${span}`],
  awayTitle: (span, range) => [`⚪ Мониторинг не работал ${span}`, ` (${range})`],
  awayBecause: {
    'not-running': 'Сервер не был запущен.',
    asleep: 'Машина монитора спала.',
    'clock-set': 'Часы перевели вперёд.',
    'cannot-write': 'На диск нельзя было писать.',
    stuck: 'Сервер не отвечал.',
  },
  heardSince: (heard, of) => `Уже на связи ${heard} из ${of}.`,
  waitingFor: (hosts, until) => `${hosts} ждём до ${until}.`,
  nothingTitle: (since, silent) => [`⚪ Сигналы не доходят с ${since}`, silent > 0 ? `, молчат ${silent}` : undefined],
  stillNothingTitle: (span, since) => [`⚪ Сигналы не доходят уже ${span}`, `, с ${since}`],
  nobodyAccused: 'Пока сигналы не дойдут, молчание никому не в счёт.',
  reached: {
    yes: 'Интернет отсюда работает: проверьте файрвол, порт и имя DNS этого сервера.',
    no: 'Интернета нет у самого сервера: отсюда тоже никто не доступен.',
    unknown: 'Проверить, есть ли у сервера интернет, не удалось.',
  },
  reachableTitle: (span, range) => [`⚪ Сигналы снова идут через ${span}`, ` (${range})`],
  testTitle: (monitor) => [`⚪ Проверка связи от ${monitor}`],
  test: 'Если вы это читаете, сообщения сюда доходят.',

  foldedTitle: (format, { messages, need }) => {
    const asks = format.plural(need, { one: 'требует', other: 'требуют' })
    const many = counted(format, messages, 'сообщение', 'сообщения', 'сообщений')
    return `${many}${need > 0 ? `, ${need} ${asks} внимания` : ' в одном'}`
  },
  wasAway: (host, range, span, cause) => [`🟢 ${host}: связи не было ${range} (${span})`, cause && `, ${cause}`],
  briefly: {
    rebooted: 'перезагрузка',
    slept: 'спящий режим',
    network: 'пропадала только сеть',
    agent: 'остановка агента',
  },
  commands: {
    ack: 'Займусь',
    ackOne: (host) => `Займусь: ${host}`,
    silence: 'Тишина на 8 часов',
    remove: 'Не ваш? Удалить',
  },
}
