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
  host: {
    added: (name) => `${name} entrou na lista.`,
    exists: (name) => `${name} já existe: host edit muda o que for preciso, host rotate cria um token`,
    sameButForCase: (name, other) => `${name} só difere de ${other} por maiúsculas: escolha outro nome`,
    edited: (name) => `${name}: alteração feita.`,
    nothingToEdit: 'nada a mudar: informe ao menos uma opção (host edit --help mostra quais)',
    rotated: (name, had) =>
      had ? `${name} tem outro token; o antigo não vale mais.` : `${name} agora tem um token, e só entra com ele.`,
    token: (token) => `O token, mostrado só desta vez: ${token}`,
    ownToken: (name, file) => `${name} tem um token em ${file}: é esse que vale.`,
    overruled: (keys, file) => `Sem efeito enquanto ${file} disser outra coisa: ${keys}.`,
    overruledBy: (keys, rival, file) => `Sem efeito enquanto ${file} tiver “${rival}” para ele: ${keys}.`,
    garbled: (name, file) =>
      `${file} está danificado, e a senha comum é recusada para ${name}. Um checker que já leu o arquivo antes o refaz em até dois minutos; se isso não acontecer, host edit ${name} --timeout 5m (ou --schedule …) refaz o registro, com o token mais recente.`,
    unreadable: (name, file, why) =>
      `${file} não pode ser lido (${why}): enquanto for assim, a senha comum é recusada para ${name}. Dê a este usuário permissão de leitura; quem apaga o arquivo perde as configurações e o token.`,
    registeredAnew: (name) => `${name}: registro refeito, só com estas configurações.`,
    busy: ({ file, holder, isFile }) => {
      if (!isFile) return `${file} impede qualquer alteração, e não é um arquivo do Monitora: remova-o`
      return holder === undefined
        ? `${file} diz que hosts estão sendo alterados, mas não por quem: tente de novo em um minuto`
        : `o processo ${holder} está alterando hosts e não termina (${file}): tente de novo, ou veja o que ele espera`
    },
    rotatedMeanwhile: (name) => `${name} acabou de receber outro token de outra pessoa: nada foi alterado`,
    paste: 'Pronto para colar, cada linha já com o token:',
    nearby: (at) =>
      `Outras máquinas talvez não cheguem a ${at}: troque pelo endereço que elas usam (com --server https://… ele já sai nas linhas).`,
    pingKey: (key, url) =>
      `A ping key desta instalação, mostrada só desta vez: ${key}\nEla vem antes do nome de qualquer host, em minúsculas: ${url}`,
    emptyOption: (option) => `--${option}: está vazio (deixe de fora, ou diga o valor)`,
    pingKeyKnown: 'A ping key já foi mostrada quando surgiu; host rotate --ping-key cria outra.',
    badges: 'Quem tiver um destes links vê só esse estado e nada mais; .json e .shields também funcionam.',
    allHosts: 'todos os hosts',
    none: 'Nenhum host ainda: host add cria um, e cada máquina que enviar sinal aparece sozinha.',
    columns: ['NOME', 'TIPO', 'ESTADO', 'ÚLTIMO SINAL', 'ESPERADO', 'ORIGEM'],
    states: {
      silent: 'sem sinal',
      error: 'erro',
      warning: 'aviso',
      failed: 'falhou',
      never: 'nunca deu sinal',
      unstable: 'instável',
      away: 'fora',
      paused: 'em pausa',
      fine: 'ok',
    },
    ago: (span) => `há ${span}`,
    lastSignal: (clock) => `último sinal às ${clock}`,
    expected: (facts) => {
      if (facts.schedule === undefined)
        return `Silêncio após ${facts.timeout}${facts.interval === undefined ? '' : `; diz que envia a cada ${facts.interval}`}.`
      return `Tarefa, “${facts.schedule}”: ${facts.next === undefined ? 'nunca mais' : `a próxima às ${facts.next}`}, com tolerância de ${facts.grace}.`
    },
    rhythmUnknown:
      'Daqui não se sabe quanto tempo pode ficar sem sinal: um checker que já leu o registro antes continua a segui-lo, qualquer outro não espera nada.',
    knownSince: (clock, origin) => `Na lista desde ${clock}, origem: ${origin}.`,
    origins: {
      signal: 'primeiro sinal',
      adopted: 'arquivo .host',
      added: 'host add',
      project: (name) => `projeto ${name}`,
    },
    tokens: {
      registered: 'Tem um token próprio.',
      configured: 'O token está na configuração.',
      none: 'Não tem token: entra com a senha comum.',
    },
    inForce: 'Em vigor:',
    registered: 'No registro:',
    ignored: (keys) => `Não faz sentido ali, e é ignorado: ${keys}.`,
    zoneAlone: (name, file) => `O timezone em ${file} não tem efeito: ${name} não tem schedule.`,
  },
}
