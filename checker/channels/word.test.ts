/** What people read: every kind of alert in three languages, and titles that fit a lock screen whatever they must say. */
import { describe, expect, test } from 'vitest'
import { ALERT_KINDS, type Alert, type AlertKind, type Cause } from '../../shared/alert.ts'
import { createWording } from './word.ts'

const LANGUAGES = ['en', 'pt', 'ru'] as const
const MIN = 60_000
const at = (dayAndTime: string) => Date.parse(`2026-11-${dayAndTime}:00Z`)
const host = { id: 'host:nas:x:1', outage: 'host:nas:x:1', hosts: ['nas'], tags: [], monitor: 'box' }
const own = { ...host, hosts: [] }

const silent: Alert = {
  ...host,
  kind: 'silent',
  at: at('21T12:05'),
  sinceAt: at('21T12:03'),
  heardAt: at('21T12:03'),
  timeoutMs: 2 * MIN,
  intervalMs: 30_000,
  note: 'hall cupboard, green button',
  nextReminderAt: at('21T18:05'),
}
const stillSilent: Alert = {
  ...silent,
  kind: 'still-silent',
  at: at('21T18:05'),
  downMs: 362 * MIN,
  nextReminderAt: at('21T23:05'),
}
const recovered: Alert = {
  ...host,
  kind: 'recovered',
  at: at('21T12:41'),
  sinceAt: at('21T12:03'),
  heardAt: at('21T12:41'),
  downMs: 38 * MIN,
  cause: { kind: 'rebooted', at: at('21T12:39'), goodbye: false },
}
const firstSignal: Alert = {
  ...host,
  kind: 'first-signal',
  at: at('21T12:14'),
  address: '203.0.113.7',
  site: 'home',
  intervalMs: 30_000,
  timeoutMs: 5 * MIN,
}
const processDown: Alert = {
  ...own,
  kind: 'process-down',
  process: 'server',
  at: at('21T12:41'),
  sinceAt: at('21T12:40'),
}
const diskFull: Alert = { ...own, kind: 'process-down', process: 'checker', why: 'disk', at: at('21T12:41') }
const processUp: Alert = {
  ...own,
  kind: 'process-up',
  process: 'server',
  at: at('21T12:43'),
  sinceAt: at('21T12:40'),
  downMs: 3 * MIN,
}
const wasDown: Alert = {
  ...own,
  kind: 'monitor-was-down',
  at: at('21T14:33'),
  sinceAt: at('21T14:02'),
  downMs: 29 * MIN,
  why: 'not-running',
  heard: 6,
  of: 7,
  waitingFor: ['nas'],
  waitingUntilAt: at('21T14:36'),
}
const trial: Alert = { ...own, kind: 'test', at: at('21T14:33') }

const GOLDEN: readonly (readonly [name: string, alert: Alert, en: string, pt: string, ru: string])[] = [
  [
    'first-signal',
    firstSignal,
    `👋 nas reports for the first time (12:14)
From 203.0.113.7, site home, every 30 s.
If it falls silent you'll hear after 5 min.
Not yours? /remove_host nas`,
    `👋 nas deu o primeiro sinal (12:14)
De 203.0.113.7, local home, a cada 30 s.
Se ficar sem sinal, você saberá após 5 min.
Não conhece? /remove_host nas`,
    `👋 nas впервые на связи (12:14)
Адрес 203.0.113.7, место home, раз в 30 секунд.
Если сигнала не будет 5 минут, сообщу.
Не ваш? /remove_host nas`,
  ],
  [
    'first-signal of a plain client with a schedule',
    { ...host, kind: 'first-signal', at: at('21T12:14') },
    '👋 nas reports for the first time (12:14)\nNot yours? /remove_host nas',
    '👋 nas deu o primeiro sinal (12:14)\nNão conhece? /remove_host nas',
    '👋 nas впервые на связи (12:14)\nНе ваш? /remove_host nas',
  ],
  [
    'silent',
    silent,
    `🔴 nas is silent since 12:03
No signal for 2 min; it normally reports every 30 s.
Note: hall cupboard, green button.
Next reminder 18:05.`,
    `🔴 nas sem comunicação desde 12:03
Nenhum sinal há 2 min; o normal é um a cada 30 s.
Nota: hall cupboard, green button.
Próximo aviso às 18:05.`,
    `🔴 nas: нет связи с 12:03
Сигнала нет 2 минуты, обычно он приходит раз в 30 секунд.
Заметка: hall cupboard, green button.
Напомню в 18:05.`,
  ],
  [
    'silent after a goodbye, without more',
    { ...silent, intervalMs: undefined, note: undefined, nextReminderAt: undefined, goodbyeAt: at('21T12:03') },
    `🔴 nas is silent since 12:03
No signal for 2 min.
It said goodbye at 12:03: its agent was stopped.`,
    `🔴 nas sem comunicação desde 12:03
Nenhum sinal há 2 min.
Avisou às 12:03 que ia parar.`,
    `🔴 nas: нет связи с 12:03
Сигнала нет 2 минуты.
В 12:03 пришло сообщение об остановке агента.`,
  ],
  [
    'silent: a job that did not run since yesterday',
    {
      ...silent,
      sinceAt: at('20T03:04'),
      missedAt: at('21T03:00'),
      timeoutMs: 60 * MIN,
      note: undefined,
      nextReminderAt: undefined,
    },
    `🔴 nas is silent since 20 Nov 03:04
It should have reported at 03:00; 1 h of grace are over.`,
    `🔴 nas sem comunicação desde 20 de nov. 03:04
O sinal das 03:00 não veio; a tolerância de 1 h acabou.`,
    `🔴 nas: нет связи с 20 нояб. 03:04
Сигнала, назначенного на 03:00, нет; ждали ещё 1 час.`,
  ],
  [
    'still-silent',
    stillSilent,
    `🔴 nas still silent: 6 h 2 min, since 12:03
Note: hall cupboard, green button.
Next reminder 23:05.`,
    `🔴 nas continua sem sinal: 6 h 2 min, desde 12:03
Nota: hall cupboard, green button.
Próximo aviso às 23:05.`,
    `🔴 nas: нет связи уже 6 часов 2 минуты, с 12:03
Заметка: hall cupboard, green button.
Напомню в 23:05.`,
  ],
  [
    'recovered',
    recovered,
    '🟢 nas is back, away 38 min (12:03–12:41)\nWhy: it restarted at 12:39, without a shutdown first.',
    '🟢 nas voltou ao normal após 38 min (12:03–12:41)\nMotivo: reiniciou às 12:39, sem desligamento normal antes.',
    '🟢 nas снова на связи через 38 минут (12:03–12:41)\nПричина: перезагрузка в 12:39, без штатного выключения.',
  ],
  [
    'process-down',
    processDown,
    "⚪ Monitora's server is down since 12:40\nNobody is heard until it runs again; that time will be held against no host.",
    '⚪ Monitora: server fora do ar desde 12:40\nNinguém é ouvido até voltar; esse período não conta contra nenhuma máquina.',
    '⚪ Monitora: server не работает с 12:40\nДо запуска никого не слышно; это время никому не в счёт.',
  ],
  [
    'process-down: the disk of the checker',
    diskFull,
    '⚪ Monitora cannot write to its disk (12:41)\nAlerts wait until it can: is the disk full or read-only?',
    '⚪ Monitora não consegue gravar no disco (12:41)\nOs alertas esperam até conseguir: o disco está cheio ou só para leitura?',
    '⚪ Monitora: диск не принимает запись (12:41)\nСообщения ждут, пока не примет: диск заполнен или только для чтения?',
  ],
  [
    'process-down: the rounds of the checker',
    { ...diskFull, why: undefined, detail: 'x is not a function' },
    "⚪ Monitora's checker is down since 12:41\nIt runs, but fails: no silence is noticed until that is over. Its log says more.\nx is not a function",
    '⚪ Monitora: checker fora do ar desde 12:41\nEstá rodando, mas falha: ninguém nota um silêncio até isso passar. O log diz mais.\nx is not a function',
    '⚪ Monitora: checker не работает с 12:41\nПроцесс запущен, но сбоит: молчание никто не заметит, пока это не пройдёт. Подробности в журнале.\nx is not a function',
  ],
  [
    'process-up',
    processUp,
    "⚪ Monitora's server runs again after 3 min\nThe hosts get the time they need to report.",
    '⚪ Monitora: server voltou após 3 min\nAs máquinas têm o tempo necessário para dar sinal.',
    '⚪ Monitora: server снова работает через 3 минуты\nМашинам дано время, чтобы выйти на связь.',
  ],
  [
    'monitor-was-down',
    wasDown,
    `⚪ Monitora was away 29 min (14:02–14:31)
The server was not running. Silence in that time is held against no one.
Heard since: 6 of 7. Waiting for nas until 14:36.`,
    `⚪ O monitor ficou fora 29 min (14:02–14:31)
O servidor não estava rodando. O silêncio desse período não conta.
Já deram sinal 6 de 7. Esperando nas até 14:36.`,
    `⚪ Мониторинг не работал 29 минут (14:02–14:31)
Сервер не был запущен. Молчание за это время не в счёт.
Уже на связи 6 из 7. Ждём до 14:36: nas.`,
  ],
  [
    'monitor-was-down, and waits for many',
    { ...wasDown, why: 'asleep', heard: 0, waitingFor: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    `⚪ Monitora was away 29 min (14:02–14:31)
The box was asleep. Silence in that time is held against no one.
Heard since: 0 of 7. Waiting for a, b, c, d, e and +2 until 14:36.`,
    `⚪ O monitor ficou fora 29 min (14:02–14:31)
A máquina estava suspensa. O silêncio desse período não conta.
Já deram sinal 0 de 7. Esperando a, b, c, d, e e +2 até 14:36.`,
    `⚪ Мониторинг не работал 29 минут (14:02–14:31)
Машина монитора спала. Молчание за это время не в счёт.
Уже на связи 0 из 7. Ждём до 14:36: a, b, c, d, e и +2.`,
  ],
  [
    'monitor-was-down, with no host to wait for',
    { ...wasDown, why: 'cannot-write', heard: 0, of: 0, waitingFor: [], waitingUntilAt: undefined },
    '⚪ Monitora was away 29 min (14:02–14:31)\nThe disk could not be written. Silence in that time is held against no one.',
    '⚪ O monitor ficou fora 29 min (14:02–14:31)\nNão dava para gravar no disco. O silêncio desse período não conta.',
    '⚪ Мониторинг не работал 29 минут (14:02–14:31)\nНа диск нельзя было писать. Молчание за это время не в счёт.',
  ],
  [
    'test',
    trial,
    '⚪ Test alert from box\nIf you read this, alerts reach you here.',
    '⚪ Alerta de teste de box\nSe você lê isto, os alertas chegam aqui.',
    '⚪ Проверка связи от box\nЕсли вы это читаете, сообщения сюда доходят.',
  ],
]

test.each(GOLDEN)('%s', (_, alert, ...expected) => {
  const texts = LANGUAGES.map((language) => createWording(language, 'UTC')(alert, alert.at).text)
  expect(texts).toEqual(expected)
})

test('there is a golden text of every kind', () => {
  expect(new Set(GOLDEN.map(([, { kind }]) => kind))).toEqual(new Set<AlertKind>(ALERT_KINDS))
})

test.each<[Cause, string, string, string]>([
  [
    { kind: 'rebooted', at: at('21T12:39'), goodbye: true },
    'Why: it restarted at 12:39.',
    'Motivo: reiniciou às 12:39.',
    'Причина: перезагрузка в 12:39.',
  ],
  [{ kind: 'slept' }, 'Why: it was asleep.', 'Motivo: estava em suspensão.', 'Причина: спящий режим.'],
  [
    { kind: 'network', unsent: 76 },
    'Why: only its network was gone; it stayed up, 76 signals unsent.',
    'Motivo: só a rede caiu; a máquina seguiu ligada, 76 sinais não enviados.',
    'Причина: пропадала только сеть; машина работала, не отправлено 76 сигналов.',
  ],
  [
    { kind: 'network', unsent: 1 },
    'Why: only its network was gone; it stayed up, 1 signal unsent.',
    'Motivo: só a rede caiu; a máquina seguiu ligada, 1 sinal não enviado.',
    'Причина: пропадала только сеть; машина работала, не отправлен 1 сигнал.',
  ],
  [
    { kind: 'agent' },
    'Why: the agent had stopped; the machine stayed up.',
    'Motivo: o agente parou; a máquina seguiu ligada.',
    'Причина: остановка агента; машина работала.',
  ],
  [
    { kind: 'unknown' },
    "Why: unknown; this client doesn't say.",
    'Motivo: desconhecido; este cliente não informa.',
    'Причина неизвестна: этот клиент о себе не рассказывает.',
  ],
])('a host is back, and why: %j', (cause, ...expected) => {
  const reasons = LANGUAGES.map(
    (language) => createWording(language, 'UTC')({ ...recovered, cause }, recovered.at).reason,
  )
  expect(reasons).toEqual(expected)
})

test('the reason says why, without a mark; of a reminder as of the silence', () => {
  const word = createWording('en', 'UTC')
  const why = (span: string) => `No signal for ${span}; it normally reports every 30 s.`
  expect([word(silent, silent.at).reason, word(stillSilent, stillSilent.at).reason]).toEqual([
    why('2 min'),
    why('6 h 2 min'),
  ])
  expect(word({ ...recovered, cause: undefined }, recovered.at).reason).toBe(
    '🟢 nas is back, away 38 min (12:03–12:41)',
  )
})

test('times are those of the channel, with the date when it is not today, as seen when it is sent', () => {
  const title = (zone: string, sentAt: number) => createWording('en', zone)(silent, sentAt).title
  expect(title('Asia/Tokyo', silent.at)).toBe('🔴 nas is silent since 21:03')
  expect(title('America/New_York', silent.at)).toBe('🔴 nas is silent since 07:03')
  // The channel was down until the next day.
  expect(title('UTC', at('22T00:10'))).toBe('🔴 nas is silent since 21 Nov 12:03')
  expect(title('America/New_York', at('22T00:10'))).toBe('🔴 nas is silent since 07:03')
})

describe('a title fits a lock screen, and what it leaves out follows', () => {
  const long = 'x'.repeat(64)
  const days = { sinceAt: at('09T22:22'), downMs: (47 * 60 + 59) * MIN }
  const cases = [firstSignal, silent, stillSilent, recovered, processDown, diskFull, processUp, wasDown, trial].flatMap(
    (alert) => {
      const named = { ...alert, hosts: alert.hosts.length > 0 ? [long] : [], monitor: `${'M'.repeat(30)}🔴`.repeat(3) }
      return [alert, named, { ...named, ...days }, { ...alert, ...days, hosts: alert.hosts.map(() => 'livingroom') }]
    },
  )

  test.each(LANGUAGES)('in %s, with any name and any date', (language) => {
    const word = createWording(language, 'UTC')
    for (const alert of cases) {
      for (const sentAt of [alert.at, at('30T00:00')]) {
        const { title, text } = word(alert, sentAt)
        expect(title.length, title).toBeLessThanOrEqual(50)
        // Throws at half a character.
        expect(encodeURIComponent(title)).not.toBe('')
        expect(text.split('\n')[0]).toBe(title)
        for (const name of alert.hosts) expect(text).toContain(name)
      }
    }
  })

  test.each([
    [
      'the name',
      { ...silent, hosts: [long], note: undefined, nextReminderAt: undefined },
      `🔴 ${'x'.repeat(24)}… is silent since 12:03
Host: ${long}
No signal for 2 min; it normally reports every 30 s.`,
    ],
    [
      'the times',
      { ...recovered, hosts: ['livingroom'], sinceAt: at('09T22:22'), cause: undefined },
      `🟢 livingroom is back, away 38 min
livingroom is back, away 38 min (9 Nov 22:22–12:41)`,
    ],
    [
      'the name of the monitor',
      { ...trial, monitor: `my box, ${'y'.repeat(60)}` },
      `⚪ Test alert from my box
Test alert from my box, ${'y'.repeat(60)}
If you read this, alerts reach you here.`,
    ],
    [
      'what no clause ends',
      { ...trial, monitor: 'y'.repeat(64) },
      `⚪ Test alert from ${'y'.repeat(31)}…
Test alert from ${'y'.repeat(64)}
If you read this, alerts reach you here.`,
    ],
  ] as const)('%s', (_, alert, expected) => {
    expect(createWording('en', 'UTC')(alert, alert.at).text).toBe(expected)
  })
})
