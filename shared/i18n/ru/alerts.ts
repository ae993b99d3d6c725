/** A host's name has no gender: nouns and impersonal forms instead of past tense («нет связи», «перезагрузка»). */
import type { AbsenceReason } from '../../absences.ts'
import type { AlertTexts } from '../en/alerts.ts'

const AWAY: Readonly<Record<AbsenceReason, string>> = {
  'not-running': 'Сервер не был запущен.',
  asleep: 'Машина монитора спала.',
  'clock-set': 'Часы перевели вперёд.',
  'cannot-write': 'На диск нельзя было писать.',
  stuck: 'Сервер не отвечал.',
}
const UNSENT = new Intl.PluralRules('ru')
const SIGNALS: Readonly<Record<string, string>> = {
  one: 'не отправлен',
  few: 'не отправлено',
  many: 'не отправлено',
}
const SIGNAL: Readonly<Record<string, string>> = { one: 'сигнал', few: 'сигнала', many: 'сигналов' }

export const alerts: AlertTexts = {
  silentTitle: (host, since) => `🔴 ${host}: нет связи с ${since}`,
  noSignal: (timeout) => `Сигнала нет ${timeout}.`,
  noSignalOf: (timeout, interval) => `Сигнала нет ${timeout}, обычно он приходит раз в ${interval}.`,
  missedSchedule: (at, grace) => `Сигнала, назначенного на ${at}, нет; ждали ещё ${grace}.`,
  saidGoodbye: (at) => `В ${at} пришло сообщение об остановке агента.`,
  note: (text) => `Заметка: ${text}`,
  nextReminder: (at) => `Напомню в ${at}.`,
  stillSilentTitle: (host, span, since) => `🔴 ${host}: нет связи уже ${span}, с ${since}`,
  backTitle: (host, span, from, to) => `🟢 ${host} снова на связи через ${span} (${from}–${to})`,
  rebooted: (at, goodbye) => `Причина: перезагрузка в ${at}${goodbye ? '' : ', без штатного выключения'}.`,
  slept: 'Причина: спящий режим.',
  networkOnly: (unsent) => {
    const form = UNSENT.select(unsent)
    return `Причина: пропадала только сеть; машина работала, ${SIGNALS[form]} ${unsent} ${SIGNAL[form]}.`
  },
  agentStopped: 'Причина: остановка агента; машина работала.',
  causeUnknown: 'Причина неизвестна: этот клиент о себе не рассказывает.',
  firstTitle: (host, at) => `👋 ${host} впервые на связи (${at})`,
  firstDetails: (address, site, interval) => {
    const parts = [address && `адрес ${address}`, site && `место ${site}`, interval && `раз в ${interval}`].filter(
      Boolean,
    )
    const text = parts.join(', ')
    return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
  },
  willTellAfter: (timeout) => `Если сигнала не будет ${timeout}, сообщу.`,
  notYours: (host) => `Не ваш? /remove_host ${host}`,
  processDownTitle: (process, since) => `⚪ Monitora: ${process} не работает с ${since}`,
  processDown: 'До запуска никого не слышно; это время никому не в счёт.',
  diskTitle: (since) => `⚪ Monitora: диск не принимает запись (${since})`,
  disk: 'Сообщения ждут, пока не примет: диск заполнен или только для чтения?',
  roundsFail: 'Процесс запущен, но сбоит: молчание никто не заметит, пока это не пройдёт. Подробности в журнале.',
  processUpTitle: (process, span) => `⚪ Monitora: ${process} снова работает через ${span}`,
  processUp: 'Машинам дано время, чтобы выйти на связь.',
  awayTitle: (span, from, to) => `⚪ Мониторинг не работал ${span} (${from}–${to})`,
  awayBecause: (why) => AWAY[why],
  heldAgainstNoOne: 'Молчание за это время не в счёт.',
  heardSince: (heard, of) => `Уже на связи ${heard} из ${of}.`,
  waitingFor: (hosts, until) => `Ждём до ${until}: ${hosts}.`,
  testTitle: (monitor) => `⚪ Проверка связи от ${monitor}`,
  test: 'Если вы это читаете, сообщения сюда доходят.',
  fullName: (host) => `Машина: ${host}`,
}
