/**
 * Every text that a person reads, in three languages. A text is a function of what it tells, so the compiler finds
 * what is missing in a language, or tells too little. How Monitora speaks: docs/extending.md.
 */
import type { Language } from '../config/values.ts'
import * as en from './en/index.ts'
import * as pt from './pt/index.ts'
import * as ru from './ru/index.ts'

export type { BotTexts } from './en/index.ts'

export interface Texts {
  readonly alerts: en.AlertTexts
  readonly bot: en.BotTexts
  readonly cli: en.CliTexts
  readonly errors: en.ErrorTexts
}

const TEXTS: Readonly<Record<Language, Texts>> = { en, pt, ru }

export function textsFor(language: Language): Texts {
  return TEXTS[language]
}
