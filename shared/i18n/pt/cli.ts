/** What the command line says, in Portuguese (Brazil): no participle agrees with the name of a process. */
import type { CliTexts } from '../en/cli.ts'

export const cli: CliTexts = {
  fine: (format, file, { hosts, channels }) => {
    const host = format.plural(hosts, { one: 'host', other: 'hosts' })
    const channel = format.plural(channels, { one: 'canal', other: 'canais' })
    return `${file}: tudo certo: ${hosts} ${host}, ${channels} ${channel}${channels === 0 ? ' (os alertas não chegariam a ninguém)' : ''}`
  },
  notRunning:
    'O Monitora não está rodando a partir daqui: npm start o inicia (o que roda no supervisor ou em outro PM2 se para por lá)',
  alreadyRuns: (pid) =>
    `O Monitora já está rodando a partir daqui, como processo ${pid}: Ctrl-C no terminal em que começou encerra tudo`,
  alreadyStarted: (process) => `${process} já está rodando`,
  started: (process) => `${process} voltou a rodar`,
  stopped: (process) => `${process} parou; ./monitora start ${process} põe para rodar de novo`,
  start: {
    written: (files) => `Criei ${files} com credenciais novas, que só você pode ler.`,
    watched: (names) => `Acompanhando ${names}. Qualquer outra máquina aparece com o primeiro sinal.`,
    thisMachine: (name) => `esta máquina (${name})`,
    nobodyYet: 'Nenhuma máquina por enquanto: cada uma aparece com o primeiro sinal.',
    noEndpoint: 'Esta máquina não envia sinal: endpoint.example.yml mostra o endpoint.yml para isso.',
    told: (timeout, channels) => `Silêncio é avisado após ${timeout}, por ${channels}.`,
    noChannel: 'Nenhum canal por enquanto: os alertas não chegariam a ninguém (channels: em monitora.yml).',
    tryIt: 'Para ver, em outro terminal aqui: ./monitora stop endpoint, depois ./monitora start endpoint.',
    howToStop: 'Ctrl-C encerra tudo. Para rodar sempre: README.md.',
    ended: (process) => `${process} parou`,
    died: (process, how) => `${process} caiu (${how}) e vai rodar de novo; as últimas palavras estão acima`,
    pm2Ended: (code) => `O PM2 parou sozinho (código ${code}); nada mais é acompanhado: inicie de novo.`,
    stopping: 'Encerrando …',
    stopped: 'Tudo parado.',
  },
  connect: {
    paste: (file) => `Acrescente isto a ${file}:`,
    subscribe: (link, app) => `Depois abra no celular: ${link} (ou, com o app ntfy no Android: ${app})`,
    secret: 'Guarde bem: quem souber o tópico lê os alertas e pode escrever nele.',
    tryIt: (channel) => `Para ver se funciona: ./monitora test-alert ${channel}`,
  },
  uptime: {
    of: (format, { name, percent, outages, longest, known }) => {
      const times =
        outages === 0 ? 'nenhuma queda' : `${outages} ${format.plural(outages, { one: 'queda', other: 'quedas' })}`
      const worst = longest === undefined ? '' : `, ${outages > 1 ? 'a mais longa ' : ''}${longest}`
      return `${name} ${percent.replace('.', ',')}%: ${times}${worst}${known === undefined ? '' : `; desse período só há registro de ${known}`}`
    },
    unknown: (name) => `${name}: nada se sabe desse período`,
  },
}
