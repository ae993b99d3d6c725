/**
 * The processes under PM2. On the cloud box: `pm2 start ecosystem.config.js --only server,checker,bot`;
 * on a home machine: `pm2 start ecosystem.config.js --only endpoint`.
 * Their configuration is monitora.yml (endpoint.yml) in this folder or in /etc/monitora, or the file that the
 * environment names when they are started: MONITORA_CONFIG (MONITORA_ENDPOINT_CONFIG).
 * `pm2 save` keeps that environment in ~/.pm2/dump.pm2, readable by everyone: passwords belong in a .env or a file.
 */
const { MONITORA_LOGS } = process.env
/**
 * MB for what is soon over: left to itself, V8 takes 16. The checker keeps nearly all that it makes while it starts: each
 * full nursery is copied then, so it has a larger one. (What lasts: shared/heap.ts.)
 */
const NURSERY = { server: 4, checker: 8 }

export const apps = ['server', 'checker', 'bot', 'endpoint'].map((name) => ({
  name,
  script: `dist/${name}/main.js`,
  cwd: import.meta.dirname,
  node_args: name in NURSERY ? [`--max-semi-space-size=${NURSERY[name]}`] : [],
  // Each says when it is up.
  wait_ready: true,
  listen_timeout: 15_000,
  // Time to answer what was begun and to write what was heard.
  kill_timeout: 10_000,
  // From 200 ms to 15 s between tries, for as long as it takes: a monitor never gives up.
  exp_backoff_restart_delay: 200,
  ...(MONITORA_LOGS && { out_file: MONITORA_LOGS, error_file: MONITORA_LOGS }),
}))
