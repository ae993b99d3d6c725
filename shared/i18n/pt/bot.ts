/** What the bot says, in Brazilian Portuguese: no participle agrees with the name of a host, which has no gender. */
import type { BotTexts } from '../en/bot.ts'

export const bot: BotTexts = {
  descriptions: {
    start: 'o número deste chat, e se ele pode perguntar',
    help: 'o que eu respondo',
    status: 'quem dá sinal e quem está sem comunicação',
    restart: 'reinicia o processo server',
    removeHost: 'esquece um host: /remove_host NOME',
    silence: 'sem avisos por um tempo: /silence NOME 8h',
    ack: 'sem mais lembretes desta queda: /ack NOME',
    pause: 'não se espera sinal deste host: /pause NOME',
    resume: 'volta a avisar: /resume NOME',
    why: 'como uma queda foi avisada: /why NOME [HORA]',
  },
  welcome: (chat) => `Este chat é ${chat} e pode perguntar. /help diz o quê.`,
  stranger: (chat) =>
    `Este chat é ${chat} e não pode perguntar. Quem cuida do Monitora pode liberar: bot.chats em monitora.yml.`,
  unknownCommand: (quoted) => `Não conheço ${quoted}. /help diz o que eu respondo.`,
  broken: 'Isso deu errado: meu log diz por quê.',
  checkerDown: {
    hears: (since) =>
      `⚪ Monitora: checker fora do ar desde ${since}\nOs sinais ainda chegam, mas ninguém nota um silêncio até ele voltar.`,
    deaf: (since) =>
      `⚪ Monitora: checker fora do ar desde ${since}\nO server também: nenhum sinal chega e ninguém nota um silêncio.`,
    disk: (since) =>
      `⚪ Monitora: nenhum sinal do checker desde ${since}\nO disco não aceita escrita: enquanto for assim, nenhum sinal chega e ninguém nota um silêncio.`,
  },
  checkerUp: (span) => `⚪ Monitora: checker voltou após ${span}\nO que ficou para trás é avisado agora.`,
  status: {
    headline: (format, { total, troubled, time }) => {
      if (total === 0) return `Nenhum host ainda (${time})`
      const need = format.plural(troubled, { one: 'precisa', other: 'precisam' })
      return `${total - troubled} de ${total} ok${troubled > 0 ? `, ${troubled} ${need} de você` : ''} (${time})`
    },
    silent: (span, since) => `sem comunicação há ${span}, desde ${since}`,
    says: { error: 'avisa de um erro', warning: 'avisa de um problema', failed: 'falhou' },
    causes: { unfinished: 'uma execução não terminou a tempo', stuck: 'dá sinal, mas não avança' },
    saysMessage: (quoted) => `diz ${quoted}`,
    unreachable: (since) => `Nada chega até mim desde ${since}`,
    allSilenced: (words) => `Tudo: ${words}`,
    siteAway: ({ site, since, hosts }) => `${site} fora do ar desde ${since}: ${hosts}`,
    unstable: (since) => `cai e volta desde ${since}`,
    away: (hosts) => `Fora, como esperado: ${hosts}`,
    awaySince: (host, since) => `${host} desde ${since}`,
    paused: (hosts) => `Em pausa: ${hosts}`,
    notYet: (hosts) => `Ainda sem sinal: ${hosts}`,
    taken: (by) => (by === '' ? 'alguém já cuida' : `${by} cuida`),
    hushed: {
      silence: (until) => (until === undefined ? 'sem avisos' : `sem avisos até ${until}`),
      maintenance: (until) => (until === undefined ? 'em manutenção' : `em manutenção até ${until}`),
    },
    never: 'nunca',
    notAlerted: (name) => `${name} (sem avisos)`,
    more: (count) => `e mais ${count}`,
    heard: (hosts) => hosts.map(({ name, ago }) => `${name} há ${ago}`).join(', '),
    run: (_, processes) => `${processes.join(', ')} rodando`,
    stopped: (process, since) => `${process} sem sinal desde ${since}`,
    neverRan: (process) => `${process} nunca rodou`,
    unsent: (format, count) =>
      count === 0
        ? 'nada por enviar'
        : `${count} ${format.plural(count, { one: 'aviso', other: 'avisos' })} por enviar`,
    failed: (format, count) =>
      `${count} ${format.plural(count, { one: 'não pôde', other: 'não puderam' })} ser entregue${count === 1 ? '' : 's'}`,
  },
  restart: {
    runs: 'server reiniciou e voltou a rodar',
    unsupervised: 'Não consigo reiniciar o server: nem PM2 nem supervisor cuida de mim. Reinicie na mão.',
    noSign: 'server reiniciou, mas não deu sinal de vida em 20 s. O log dele deve dizer por quê.',
    notFound: (program) => `server não reiniciou: ${program} não existe nesta máquina`,
    tooSlow: (program) => `server talvez não tenha reiniciado: ${program} não terminou em 30 s`,
    refused: (program, why) => `server não reiniciou: ${program} diz ${why}`,
  },
  remove: {
    which: 'Qual host? /remove_host NOME',
    noName: (quoted) => `${quoted} não pode ser nome de host: letras, dígitos, _ e - (64 no máximo).`,
    unknown: (name) => `Não conheço nenhum host ${name}.`,
    configured: (name, file) => `${name} fica: está em ${file}, tire de lá.`,
    configuredInHosts: (name, file) => `${name} fica: está em ${file}, em HOSTS, tire de lá.`,
    done: (name, hadToken) =>
      hadToken
        ? `Esqueci ${name}. O token não vale mais; ./monitora host add ${name} no servidor cria outro.`
        : `Esqueci ${name}. Se der sinal de novo, volta como host novo.`,
  },
  quiet: {
    which: {
      silence: 'Quem, e por quanto tempo? /silence NOME 8h, ou site:NOME, ou all',
      ack: 'Qual? /ack NOME, ou site:NOME',
      pause: 'Qual host? /pause NOME',
      resume: 'Qual? /resume NOME, ou site:NOME, ou all',
    },
    everything: 'tudo',
    noTarget: (quoted) => `${quoted} não é host, nem local (site:NOME), nem “all”.`,
    noSpan: (quoted) => `Por quanto tempo? ${quoted} não é um prazo como 30m, 8h ou 2d.`,
    unknown: {
      host: (name, nearest) => `Não conheço nenhum host ${name}.${nearest === undefined ? '' : ` Seria ${nearest}?`}`,
      site: (name, nearest) => `Não conheço nenhum local ${name}.${nearest === undefined ? '' : ` Seria ${nearest}?`}`,
    },
    onlyHost: 'Só um host pode ficar em pausa; para um local, ou tudo, use silence.',
    notAll: 'Não dá para assumir tudo de uma vez: diga um host, ou um local como site:NOME.',
    silenced: (what, until) => `${what}: sem avisos até ${until}. O que ainda estiver errado será avisado então.`,
    taken: (what, by) => `${what}: ${by} cuida, sem novos lembretes até terminar.`,
    takenAlready: (what, by) => `${what}: ${by === '' ? 'alguém' : by} já cuida.`,
    notInTrouble: (what) => `${what}: não há problema nenhum para assumir.`,
    withSite: (name, site, target) => `${name} caiu junto com ${site}: ack ${target} assume isso.`,
    paused: (name) => `${name}: em pausa, não se espera sinal. resume ${name} encerra a pausa.`,
    pausedAlready: (name) => `${name}: já em pausa.`,
    isPaused: 'em pausa',
    ended: (what, items) => `${what}: não vale mais: ${items}.`,
    nothingToEnd: (what, others) => `${what}: nada próprio impede os avisos.${others === '' ? '' : ` Mas: ${others}.`}`,
    none: 'Ninguém sem avisos, nada assumido, nada em pausa.',
  },
  why: {
    which: 'Qual host? /why NOME, ou /why NOME 12:03',
    noMoment: (quoted) => `Quando? ${quoted} não é um horário como 12:03 ou 2026-11-20T12:03.`,
    lasted: (name, { from, to, span }) => `${name}: sem comunicação ${from}–${to} (${span})`,
    lasts: (name, { from, span }) => `${name}: sem comunicação desde ${from} (${span})`,
    none: (name) => `${name}: nenhuma queda conhecida`,
    trouble: (words, since) => `Desde ${since}: ${words}.`,
    runs: (list) => `Últimas execuções: ${list}.`,
    ran: {
      succeeded: (time, span) => `${time} terminou bem${span === undefined ? '' : ` após ${span}`}`,
      failed: (time, span, status) =>
        `${time} falhou${span === undefined ? '' : ` após ${span}`}${status === undefined ? '' : `, código de saída ${status}`}`,
      unfinished: (time) => `${time} não tinha terminado a tempo`,
    },
    noneAt: (name, time) => `${name}: nenhuma queda conhecida, hora pedida: ${time}`,
    lastOne: (from) => `Início da última: ${from}.`,
    lastSignal: (time, interval) =>
      `Último sinal: ${time}${interval === undefined ? '' : `; o normal é um a cada ${interval}`}.`,
    due: (time, rule) => `Prazo do próximo: ${time}${rule === undefined ? '' : ` (${rule})`}.`,
    timeout: (span) => `limite ${span}`,
    run: (time, grace) => `execução de ${time}${grace === undefined ? '' : `, tolerância ${grace}`}`,
    absences: (spans) => `Adiado pelo que o Monitora não pôde ouvir: ${spans}.`,
    absenceWhy: {
      'not-running': 'não rodava',
      asleep: 'dormia',
      'clock-set': 'relógio adiantado',
      'cannot-write': 'disco sem escrita',
      stuck: 'travou',
    },
    found: (time, reason) => `Silêncio notado: ${time}, ${reason}.`,
    reasons: {
      'no-signal': 'nenhum sinal chegou',
      'missed-schedule': 'a execução não veio',
      'site-silent': 'o local inteiro caiu',
    },
    withSite: (site) => `tudo em ${site} caiu`,
    notTold: (reason) => `Sem aviso: ${reason}.`,
    hidden: {
      silence: 'os avisos estavam silenciados',
      pause: 'o host estava em pausa',
      maintenance: 'janela de manutenção',
      away: 'a ausência é permitida',
      unstable: 'caía e voltava demais',
      'not-alerted': 'só aparece, não gera avisos',
    },
    noReason: 'não há registro de alerta',
    told: (time, id) => `Aviso: ${time}, alerta ${id}:`,
    endTold: (time, id) => `Aviso do fim: ${time}, alerta ${id}:`,
    back: (time, noticed) => `Voltou: ${time}, notado ${noticed}.`,
    removed: (time) => `Remoção: ${time}.`,
    channel: {
      delivered: (_, { channel, time, tries }) =>
        `${channel}: chegou ${time}${tries > 1 ? `, na ${tries}ª tentativa` : ''}`,
      waiting: (format, { channel, time, tries }) =>
        tries === 0
          ? `${channel}: espera a sua vez`
          : `${channel}: espera após ${tries} ${format.plural(tries, { one: 'tentativa', other: 'tentativas' })}, de novo ${time}`,
      folded: (_, { channel }) => `${channel}: foi junto em outra mensagem`,
      refused: (_, { channel, time }) => `${channel}: recusa definitiva ${time}`,
      'given-up': (format, { channel, time, tries }) =>
        `${channel}: desisti ${time} após ${tries} ${format.plural(tries, { one: 'tentativa', other: 'tentativas' })}`,
    },
    noTrace: 'nenhum canal tem registro dele',
    now: (words) => `Agora: ${words}.`,
    never: 'nenhum sinal até hoje',
    heard: (ago, due) => `último sinal há ${ago}${due === undefined ? '' : `, prazo do próximo ${due}`}`,
    isAway: (since) => `fora desde ${since}, como esperado`,
  },
}
