export { type AlertTexts, alerts } from './alerts.ts'
export { type BotTexts, bot } from './bot.ts'
export { type CliTexts, cli } from './cli.ts'
export { type ErrorTexts, errors } from './errors.ts'
