/** What the command line says, in Russian: names of processes have no gender, so no past tense has one as subject. */
import type { CliTexts } from '../en/cli.ts'

export const cli: CliTexts = {
  fine: (format, file, { hosts, channels }) => {
    const host = format.plural(hosts, { one: 'хост', few: 'хоста', many: 'хостов', other: 'хоста' })
    const channel = format.plural(channels, { one: 'канал', few: 'канала', many: 'каналов', other: 'канала' })
    return `${file}: всё в порядке: ${hosts} ${host}, ${channels} ${channel}${channels === 0 ? ' (оповещения никому не придут)' : ''}`
  },
  notRunning:
    'Monitora отсюда не запущена: запускает npm start (что работает под supervisor или другим PM2, останавливают там)',
  alreadyRuns: (pid) =>
    `Monitora отсюда уже запущена, процесс ${pid}: остановить можно через Ctrl-C в том терминале, где её запустили`,
  alreadyStarted: (process) => `${process} уже работает`,
  started: (process) => `${process} снова работает`,
  stopped: (process) => `${process} больше не работает; запустить снова: ./monitora start ${process}`,
  start: {
    written: (files) => `Созданы ${files} с новыми паролями, прочесть их можете только вы.`,
    watched: (names) => `Под наблюдением ${names}. Любая другая машина появится с первым сигналом.`,
    thisMachine: (name) => `эта машина (${name})`,
    nobodyYet: 'Машин пока нет: каждая появится с первым сигналом.',
    noEndpoint: 'Эта машина о себе не сообщает: какой для этого нужен endpoint.yml, показывает endpoint.example.yml.',
    told: (timeout, channels) => `Сообщу о молчании через ${timeout}, каналы: ${channels}.`,
    noChannel: 'Каналов пока нет: оповещения никому не придут (channels: в monitora.yml).',
    tryIt: 'Проверить в другом терминале, из этой же папки: ./monitora stop endpoint, потом ./monitora start endpoint.',
    howToStop: 'Ctrl-C останавливает всё. Как запустить насовсем: README.md.',
    ended: (process) => `${process} больше не работает`,
    died: (process, how) => `${process}: аварийное завершение (${how}), перезапускается; последние слова выше`,
    pm2Ended: (code) => `PM2 неожиданно завершился (код ${code}), наблюдения больше нет: запустите снова.`,
    stopping: 'Останавливаюсь …',
    stopped: 'Всё остановлено.',
  },
  connect: {
    paste: (file) => `Добавьте это в ${file}:`,
    subscribe: (link, app) => `Затем откройте на телефоне: ${link} (или, с приложением ntfy для Android: ${app})`,
    secret: 'Держите тему в секрете: кто знает тему, тот читает сообщения и может туда писать.',
    tryIt: (channel) => `Проверить, что всё доходит: ./monitora test-alert ${channel}`,
  },
  uptime: {
    of: (format, { name, percent, outages, longest, known }) => {
      const forms = { one: 'сбой', few: 'сбоя', many: 'сбоев', other: 'сбоя' }
      const times = outages === 0 ? 'сбоев не было' : `${outages} ${format.plural(outages, forms)}`
      const worst = longest === undefined ? '' : `, ${outages > 1 ? 'самый долгий: ' : ''}${longest}`
      return `${name} ${percent.replace('.', ',')} %: ${times}${worst}${known === undefined ? '' : `; известно только за ${known}`}`
    },
    unknown: (name) => `${name}: об этом времени ничего не известно`,
  },
  host: {
    added: (name) => `${name}: хост добавлен.`,
    exists: (name) => `${name} уже есть: изменить — host edit, новый токен — host rotate`,
    sameButForCase: (name, other) => `${name} отличается от ${other} только регистром букв: нужно другое имя`,
    edited: (name) => `${name}: изменено.`,
    nothingToEdit: 'менять нечего: укажите хотя бы одну настройку (список: host edit --help)',
    rotated: (name, had) =>
      had
        ? `${name}: токен новый, старый больше не действует.`
        : `${name}: теперь есть токен, и сигналы принимаются только с ним.`,
    token: (token) => `Токен, показывается один раз: ${token}`,
    ownToken: (name, file) => `${name}: токен записан в ${file}, действует он.`,
    overruled: (keys, file) => `Не действует, пока в ${file} сказано другое: ${keys}.`,
    overruledBy: (keys, rival, file) => `Не действует, пока в ${file} для него задано «${rival}»: ${keys}.`,
    garbled: (name, file) =>
      `${file}: файл повреждён, и общий пароль для ${name} не принимается. Если прежняя запись известна процессу checker, она восстановится сама в течение двух минут; если нет, host edit ${name} --timeout 5m (или --schedule …) создаст её заново, с последним токеном.`,
    unreadable: (name, file, why) =>
      `${file} не читается (${why}): пока это так, общий пароль для ${name} не принимается. Дайте этому пользователю право на чтение; если удалить файл, пропадут настройки и токен.`,
    registeredAnew: (name) => `${name}: запись создана заново, только с этими настройками.`,
    busy: ({ file, holder, isFile }) => {
      if (!isFile) return `${file} мешает любому изменению, и это не файл Monitora: удалите его`
      return holder === undefined
        ? `${file}: хосты сейчас меняет кто-то другой, кто — неизвестно; повторите через минуту`
        : `процесс ${holder} меняет хосты и не заканчивает (${file}): повторите или посмотрите, чего он ждёт`
    },
    rotatedMeanwhile: (name) => `${name}: токен только что сменил кто-то другой, ничего не изменено`,
    paste: 'Можно вставлять как есть, токен уже внутри:',
    nearby: (at) =>
      `С других машин адрес ${at} может быть недоступен: замените его тем, по которому они обращаются (--server https://… подставит его сразу).`,
    pingKey: (key, url) =>
      `Ping key этой установки, показывается один раз: ${key}\nОн ставится перед именем любого хоста, строчными буквами: ${url}`,
    emptyOption: (option) => `--${option}: пусто (уберите или укажите значение)`,
    pingKeyKnown: 'Ping key был показан при создании; новый даёт host rotate --ping-key.',
    badges: 'По каждой ссылке видно только это состояние и больше ничего; есть и .json, и .shields.',
    allHosts: 'все хосты',
    none: 'Хостов пока нет: добавить можно через host add, а машина с первым сигналом появится сама.',
    columns: ['ИМЯ', 'ТИП', 'СОСТОЯНИЕ', 'ПОСЛЕДНИЙ СИГНАЛ', 'ОЖИДАЕТСЯ', 'ОТКУДА'],
    states: {
      silent: 'нет связи',
      error: 'ошибка',
      warning: 'предупреждение',
      failed: 'неудача',
      never: 'сигнала не было',
      unstable: 'нестабильно',
      away: 'не на связи',
      paused: 'на паузе',
      fine: 'в порядке',
    },
    ago: (span) => `${span} назад`,
    lastSignal: (clock) => `последний сигнал в ${clock}`,
    expected: (facts) => {
      if (facts.schedule === undefined)
        return `Молчание — через ${facts.timeout}${facts.interval === undefined ? '' : `; обещанный интервал: ${facts.interval}`}.`
      return `Задание, «${facts.schedule}»: ${facts.next === undefined ? 'больше ни разу' : `следующее в ${facts.next}`}, запас: ${facts.grace}.`
    },
    rhythmUnknown:
      'Сколько может длиться молчание, отсюда не видно: если прежняя запись известна процессу checker, действует она; если нет, сигнала никто не ждёт.',
    knownSince: (clock, origin) => `Известно с ${clock}, откуда: ${origin}.`,
    origins: {
      signal: 'первый сигнал',
      adopted: 'файл .host',
      added: 'host add',
      project: (name) => `проект ${name}`,
    },
    tokens: {
      registered: 'Есть свой токен.',
      configured: 'Токен записан в конфигурации.',
      none: 'Токена нет: вход по общему паролю.',
    },
    inForce: 'Действует:',
    registered: 'В реестре:',
    ignored: (keys) => `Там не имеет смысла и не учитывается: ${keys}.`,
    zoneAlone: (name, file) => `timezone в ${file} не действует: у ${name} нет schedule.`,
  },
}
