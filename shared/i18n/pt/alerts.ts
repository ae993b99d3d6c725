/** No participles that would have to agree with a name: reiniciou, voltou, continua. */
import type { AbsenceReason } from '../../absences.ts'
import type { AlertTexts } from '../en/alerts.ts'

const AWAY: Readonly<Record<AbsenceReason, string>> = {
  'not-running': 'O servidor não estava rodando.',
  asleep: 'A máquina estava suspensa.',
  'clock-set': 'O relógio foi adiantado.',
  'cannot-write': 'Não dava para gravar no disco.',
  stuck: 'O servidor travou.',
}

export const alerts: AlertTexts = {
  silentTitle: (host, since) => `🔴 ${host} sem comunicação desde ${since}`,
  noSignal: (timeout) => `Nenhum sinal há ${timeout}.`,
  noSignalOf: (timeout, interval) => `Nenhum sinal há ${timeout}; o normal é um a cada ${interval}.`,
  missedSchedule: (at, grace) => `O sinal das ${at} não veio; a tolerância de ${grace} acabou.`,
  saidGoodbye: (at) => `Avisou às ${at} que ia parar.`,
  note: (text) => `Nota: ${text}`,
  nextReminder: (at) => `Próximo aviso às ${at}.`,
  stillSilentTitle: (host, span, since) => `🔴 ${host} continua sem sinal: ${span}, desde ${since}`,
  backTitle: (host, span, from, to) => `🟢 ${host} voltou ao normal após ${span} (${from}–${to})`,
  rebooted: (at, goodbye) => `Motivo: reiniciou às ${at}${goodbye ? '' : ', sem desligamento normal antes'}.`,
  slept: 'Motivo: estava em suspensão.',
  networkOnly: (unsent) =>
    `Motivo: só a rede caiu; a máquina seguiu ligada, ${unsent} ${unsent === 1 ? 'sinal não enviado' : 'sinais não enviados'}.`,
  agentStopped: 'Motivo: o agente parou; a máquina seguiu ligada.',
  causeUnknown: 'Motivo: desconhecido; este cliente não informa.',
  firstTitle: (host, at) => `👋 ${host} deu o primeiro sinal (${at})`,
  firstDetails: (address, site, interval) => {
    const parts = [address && `de ${address}`, site && `local ${site}`, interval && `a cada ${interval}`].filter(
      Boolean,
    )
    const text = parts.join(', ')
    return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`
  },
  willTellAfter: (timeout) => `Se ficar sem sinal, você saberá após ${timeout}.`,
  notYours: (host) => `Não conhece? /remove_host ${host}`,
  processDownTitle: (process, since) => `⚪ Monitora: ${process} fora do ar desde ${since}`,
  processDown: 'Ninguém é ouvido até voltar; esse período não conta contra nenhuma máquina.',
  diskTitle: (since) => `⚪ Monitora não consegue gravar no disco (${since})`,
  disk: 'Os alertas esperam até conseguir: o disco está cheio ou só para leitura?',
  roundsFail: 'Está rodando, mas falha: ninguém nota um silêncio até isso passar. O log diz mais.',
  processUpTitle: (process, span) => `⚪ Monitora: ${process} voltou após ${span}`,
  processUp: 'As máquinas têm o tempo necessário para dar sinal.',
  awayTitle: (span, from, to) => `⚪ O monitor ficou fora ${span} (${from}–${to})`,
  awayBecause: (why) => AWAY[why],
  heldAgainstNoOne: 'O silêncio desse período não conta.',
  heardSince: (heard, of) => `Já deram sinal ${heard} de ${of}.`,
  waitingFor: (hosts, until) => `Esperando ${hosts} até ${until}.`,
  testTitle: (monitor) => `⚪ Alerta de teste de ${monitor}`,
  test: 'Se você lê isto, os alertas chegam aqui.',
  fullName: (host) => `Máquina: ${host}`,
}
