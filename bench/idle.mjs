/** Bare Node that waits: the floor of every process's memory. */
setInterval(() => {}, 1000)
process.on('disconnect', () => process.exit())
process.send?.('ready')
