/** No participles that would have to agree with a name: reiniciou, voltou, continua. */
import type { AlertTexts, Names } from '../en/alerts.ts'
import { withQuote } from '../sentence.ts'

const verb = ({ count }: Names, one: string, other: string) => (count === 1 ? one : other)

export const alerts: AlertTexts = {
  note: (text) => `Nota: ${text}`,
  nextReminder: (at) => `Próximo aviso às ${at}.`,
  fullName: (name) => `Nome completo: ${name}`,
  noSignal: (timeout) => `Nenhum sinal há ${timeout}.`,
  noSignalOf: (timeout, interval) => `Nenhum sinal há ${timeout}; o normal é um a cada ${interval}.`,
  missedSchedule: (at, grace) => `O sinal das ${at} não veio; a tolerância de ${grace} acabou.`,
  neighbours: (names, site) => {
    const answers = verb(names, 'continua respondendo', 'continuam respondendo')
    return site === undefined ? `${names.text} ${answers}.` : `${names.text} ${answers}: a internet de ${site} está ok.`
  },
  nobodyYet: 'Ninguém assumiu ainda.',
  heldAgainstNoOne: 'O silêncio desse período não conta.',
  getTime: 'As máquinas têm o tempo necessário para dar sinal.',

  silentTitle: (host, since) => [`🔴 ${host} sem comunicação desde ${since}`],
  saidGoodbye: (at) => `Avisou às ${at} que ia parar.`,
  expectedAway: (span) => `O previsto era uma ausência de até ${span}.`,
  lastWords: (quoted, at) => `Última mensagem: ${quoted}${at === undefined ? '' : ` (${at})`}`,
  stillSilentTitle: (host, span, since) => [`🔴 ${host} continua sem sinal: ${span}`, `, desde ${since}`],
  backTitle: (name, span, range) => [`🟢 ${name} voltou ao normal após ${span}`, ` (${range})`],
  backTroubledTitle: (name, span, range) => [`🟠 ${name} voltou após ${span}`, ` (${range})`],
  stillTroubled: {
    error: (quoted) => withQuote('Mas informa um erro', quoted),
    warning: (quoted) => withQuote('Mas dá um aviso', quoted),
    failed: (quoted) => withQuote('Mas falhou', quoted),
    unfinished: (quoted) => withQuote('Mas a execução não terminou', quoted),
  },
  rebooted: (at, goodbye) => `Motivo: reiniciou às ${at}${goodbye ? '' : ', sem desligamento normal antes'}.`,
  slept: 'Motivo: estava em suspensão.',
  networkOnly: (format, unsent) =>
    `Motivo: só a rede caiu; a máquina não reiniciou, ${unsent} ${format.plural(unsent, { one: 'sinal não enviado', other: 'sinais não enviados' })}.`,
  agentStopped: 'Motivo: o agente parou; a máquina não reiniciou.',
  causeUnknown: 'Motivo: desconhecido; este cliente não informa.',
  notPowerCut: (names) => `Não faltou luz: ${names.text} ${verb(names, 'não reiniciou', 'não reiniciaram')}.`,
  missedSignals: (format, count) =>
    `${format.plural(count, { one: 'Faltou', other: 'Faltaram' })} cerca de ${count} ${format.plural(count, { one: 'sinal', other: 'sinais' })}.`,
  missedRuns: (format, count) =>
    `${format.plural(count, { one: 'Faltou', other: 'Faltaram' })} ${count} ${format.plural(count, { one: 'execução', other: 'execuções' })}.`,
  firstTitle: (host, at) => [`👋 ${host} deu o primeiro sinal`, ` (${at})`],
  firstDetails: (address, site, interval) => {
    const parts = [address && `de ${address}`, site && `local ${site}`, interval && `a cada ${interval}`].filter(
      Boolean,
    )
    const text = parts.join(', ')
    return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
  },
  willTellAfter: (timeout) => `Se ficar sem sinal, você saberá após ${timeout}.`,
  shortTimeout: (timeout, interval, better) =>
    `Dá sinal a cada ${interval}, mas o limite é de ${timeout}: um sinal perdido já seria um alarme falso. Melhor: timeout: ${better}, ou mais.`,

  errorTitle: (host, at) => [`🟠 ${host} informa um erro`, ` (${at})`],
  warningTitle: (host, at) => [`🟠 ${host} dá um aviso`, ` (${at})`],
  inARow: (format, count) => `${count} ${format.plural(count, { one: 'vez seguida', other: 'vezes seguidas' })}.`,
  failedTitle: (host, at) => [`🔴 ${host} falhou`, ` (${at})`],
  overdueTitle: {
    unfinished: (host, since) => [`🔴 ${host} não terminou`, `, começou às ${since}`],
    stuck: (host, since) => [`🟠 ${host} dá sinal, mas parou`, ` desde ${since}`],
  },
  overdue: {
    unfinished: (within) => `Deveria ter terminado em ${within}.`,
    stuck: (within) => `Os sinais chegam, mas não há progresso há ${within}.`,
  },
  endedAfterAll: 'Acabou terminando.',
  getsOn: 'Voltou a avançar.',
  exitStatus: (status) => `Código de saída ${status}.`,
  wroteLast: 'Últimas linhas:',
  heartbeatTitle: (host, at) => [`✅ ${host} em atividade`, ` (${at})`],
  heartbeat: ({ type, status, version }) =>
    [type && `Tipo ${type}`, status && `estado ${status}`, version && `versão ${version}`].filter(Boolean).join(', '),
  usuallyAt: (at, scheduled) => `Costuma dar sinal às ${at}, mas a agenda diz ${scheduled}: o fuso horário está certo?`,
  usuallyEvery: (span, scheduled) => `Costuma dar sinal a cada ${span}, mas a agenda diz a cada ${scheduled}.`,
  clearedTitle: (host, span, range) => [`🟢 ${host} sem problemas após ${span}`, ` (${range})`],
  itSaid: (quoted) => `Antes, dizia ${quoted}`,
  neverTitle: (host) => [`🟠 ${host} nunca deu sinal`],
  configuredSince: (at) => `Consta em monitora.yml${at === undefined ? '' : ` desde ${at}`}.`,
  typo: (names) =>
    `${names.text} ${verb(names, 'dá sinal, mas não consta', 'dão sinal, mas não constam')}: erro de digitação?`,
  twoTitle: (host) => [`🟠 Duas máquinas usam o nome ${host}`],
  takeTurns: (addresses) => {
    const who = ['As duas', `As duas estão em ${addresses.text} e`][addresses.count] ?? addresses.text
    return `${who} se alternam. Se uma parar, ninguém vai notar.`
  },
  rename: 'Dê outro nome a uma delas: host: no endpoint.yml.',
  unstableTitle: (host, times) => [
    `🟠 ${host} cai e volta`,
    times &&
      `: ${times.changes} ${times.format.plural(times.changes, { one: 'vez', other: 'vezes' })} em ${times.span}`,
  ],
  silentAgain: (since) => `Sem sinal de novo desde ${since}.`,
  quietUntilStable: 'Não aviso mais sobre isso até estabilizar.',
  stableTitle: (host) => [`🟢 ${host} estabilizou`],
  stableSilentTitle: (host, since) => [`🔴 ${host} continua sem sinal`, `, desde ${since}`],
  wasUnstable: (since) =>
    since === undefined ? 'Agora volto a avisar.' : `Caía e voltava desde ${since}; agora volto a avisar.`,

  siteSilentTitle: (site, since, silent) => [`🔴 ${site} fora do ar desde ${since}`, `: ${silent} sem sinal`],
  outOf: (count, of) => (of === undefined ? `${count}` : `${count} de ${of}`),
  stoppedWithin: (names, span) => `${names} pararam com até ${span} de diferença.`,
  silentNow: (names) => `Sem sinal: ${names}.`,
  othersReport: (site) => `Outros locais continuam respondendo: faltou luz ou internet em ${site}.`,
  noOtherReports: 'Nenhum outro local responde: também pode ser a rede do próprio monitor.',
  willHearWhich: 'Quando voltar, digo qual das duas.',
  willHearWhy: 'Quando voltar, digo o motivo.',
  siteStillTitle: (site, span, since) => [`🔴 ${site} ainda fora do ar: ${span}`, `, desde ${since}`],
  siteBackTitle: (site, missing) => [`🟠 ${site} voltou, menos ${missing}`],
  offlineFor: (span, range) => `Fora do ar por ${span} (${range}).`,
  powerCut: (names, at) => {
    if (names.count === 0) return 'Faltou luz.'
    const started = verb(names, 'ligou', 'ligaram')
    return `Faltou luz: ${names.text} ${started} de novo${at === undefined ? '' : ` às ${at}`}.`
  },
  networkCut: (names) =>
    names.count === 0
      ? 'Caiu a internet.'
      : `Caiu a internet: ${names.text} ${verb(names, 'não reiniciou', 'não reiniciaram')}.`,
  mixedCut: (rebooted, at, stayedUp) => {
    const when = at === undefined ? '' : ` às ${at}`
    const started = rebooted.count > 0 && `${rebooted.text} ${verb(rebooted, 'ligou', 'ligaram')} de novo${when}`
    const stayed = stayedUp.count > 0 && `${stayedUp.text} ${verb(stayedUp, 'não reiniciou', 'não reiniciaram')}`
    const parts = [started, stayed].filter(Boolean).join('; ')
    return `Não foi igual para todos: ${parts || 'houve quem reiniciasse e quem não'}.`
  },
  backAgain: (names) => `De volta: ${names}.`,
  missing: (names, since, byHand) => {
    const hint = byHand ? '; talvez seja preciso ligar na mão' : ''
    return `${names.text} ${verb(names, 'continua', 'continuam')} sem sinal desde ${since}${hint}.`
  },

  processDownTitle: (process, since) => [`⚪ Monitora: ${process} fora do ar desde ${since}`],
  processDown: {
    server: 'Ninguém é ouvido até voltar; esse período não conta contra nenhuma máquina.',
    bot: 'Até voltar, os comandos ficam sem resposta. Os alertas saem normalmente.',
  },
  diskTitle: (since) => ['⚪ Monitora não consegue gravar no disco', ` (${since})`],
  disk: 'Os alertas esperam até conseguir: o disco está cheio ou só para leitura?',
  roundsFail: 'Está rodando, mas falha: ninguém nota um silêncio até isso passar. O log diz mais.',
  diskAgainTitle: (span) => ['⚪ Monitora voltou a gravar no disco', ` após ${span}`],
  diskAgain: 'Os avisos que esperavam saem agora.',
  processUpTitle: (process, span) => [`⚪ Monitora: ${process} voltou`, ` após ${span}`],
  awayTitle: (span, range) => [`⚪ O monitor ficou fora ${span}`, ` (${range})`],
  awayBecause: {
    'not-running': 'O servidor não estava rodando.',
    asleep: 'A máquina estava suspensa.',
    'clock-set': 'O relógio foi adiantado.',
    'cannot-write': 'Não dava para gravar no disco.',
    stuck: 'O servidor travou.',
  },
  heardSince: (heard, of) => `Já deram sinal ${heard} de ${of}.`,
  waitingFor: (hosts, until) => `Esperando ${hosts} até ${until}.`,
  nothingTitle: (since, silent) => [
    `⚪ Nenhum sinal me chega desde ${since}`,
    silent > 0 ? `: ${silent} sem sinal` : undefined,
  ],
  stillNothingTitle: (span, since) => [`⚪ Ainda sem sinal algum: ${span}`, `, desde ${since}`],
  nobodyAccused: 'Até os sinais voltarem, nenhum silêncio conta.',
  reached: {
    yes: 'Daqui a internet funciona: veja o firewall, a porta e o nome DNS desta máquina.',
    no: 'Esta máquina é que está sem internet: também não alcança ninguém.',
    unknown: 'Não deu para testar se esta máquina tem internet.',
  },
  reachableTitle: (span, range) => [`⚪ Os sinais voltaram após ${span}`, ` (${range})`],
  testTitle: (monitor) => [`⚪ Alerta de teste de ${monitor}`],
  test: 'Se você lê isto, os alertas chegam aqui.',

  foldedTitle: (format, { messages, need }) => {
    const asks = format.plural(need, { one: 'pede', other: 'pedem' })
    return `${messages} avisos${need > 0 ? `, ${need} ${asks} atenção` : ' em um só'}`
  },
  wasAway: (host, range, span, cause) => [`🟢 ${host} ficou fora ${range} (${span})`, cause && `, ${cause}`],
  briefly: {
    rebooted: 'reiniciou',
    slept: 'estava em suspensão',
    network: 'só a rede caiu',
    agent: 'o agente parou',
  },
  commands: {
    ack: 'Deixa comigo',
    ackOne: (host) => `Deixa comigo: ${host}`,
    silence: 'Silenciar por 8 h',
    remove: 'Não conhece? Remover',
  },
}
