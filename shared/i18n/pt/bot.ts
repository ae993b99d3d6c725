/** What the bot says, in Brazilian Portuguese: no participle agrees with the name of a host, which has no gender. */
import type { BotTexts } from '../en/bot.ts'

export const bot: BotTexts = {
  descriptions: {
    start: 'o número deste chat, e se ele pode perguntar',
    help: 'o que eu respondo',
    status: 'quem dá sinal e quem está sem comunicação',
    restart: 'reinicia o processo server',
    removeHost: 'esquece um host: /remove_host NOME',
  },
  welcome: (chat) => `Este chat é ${chat} e pode perguntar. /help diz o quê.`,
  stranger: (chat) =>
    `Este chat é ${chat} e não pode perguntar. Quem cuida do Monitora pode liberar: bot.chats em monitora.yml.`,
  unknownCommand: (quoted) => `Não conheço ${quoted}. /help diz o que eu respondo.`,
  broken: 'Isso deu errado: meu log diz por quê.',
  checkerDown: (since) =>
    `⚪ Monitora: checker fora do ar desde ${since}\nOs sinais ainda chegam, mas ninguém nota um silêncio até ele voltar.`,
  checkerUp: (span) => `⚪ Monitora: checker voltou após ${span}\nO que ficou para trás é avisado agora.`,
  status: {
    headline: (format, { total, troubled, time }) => {
      if (total === 0) return `Nenhum host ainda (${time})`
      const need = format.plural(troubled, { one: 'precisa', other: 'precisam' })
      return `${total - troubled} de ${total} ok${troubled > 0 ? `, ${troubled} ${need} de você` : ''} (${time})`
    },
    silent: (span, since) => `sem comunicação há ${span}, desde ${since}`,
    says: { error: 'avisa de um erro', warning: 'avisa de um problema' },
    saysMessage: (quoted) => `diz ${quoted}`,
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
    done: (name) => `Esqueci ${name}. Se der sinal de novo, volta como host novo.`,
  },
}
