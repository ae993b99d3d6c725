export { alerts } from './alerts.ts'
export { bot } from './bot.ts'
export { cli } from './cli.ts'
export { errors } from './errors.ts'
