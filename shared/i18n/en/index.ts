export { type BotTexts, bot } from './bot.ts'
