/** Preloaded into a process whose configuration cannot name another Bot API server, as the original's cannot. */
const { fetch: real } = globalThis
globalThis.fetch = (input, init) =>
  real(String(input).replace('https://api.telegram.org', process.env.FAKE_TELEGRAM ?? 'http://127.0.0.1:1'), init)
