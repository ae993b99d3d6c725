/** Where an error was raised, in a few words, from the frames of its stack. Pure. */
import type { Frame } from '../../shared/error-event.ts'

interface Place {
  /** `cart.ts:88 applyCoupon` */
  readonly place?: string
  /** `checkout.ts:41` */
  readonly calledBy?: string
}

/** What runtimes call a function that has no name. */
const NAMELESS: ReadonlySet<string> = new Set(['', '?', '<anonymous>', 'anonymous', '<lambda>', '<module>', '{main}'])

/** @param frames where it was raised first. What is the application's own says more than a library's. */
export function placeOf(frames: readonly Frame[] = []): Place {
  const own = frames.filter(({ inApp }) => inApp === true)
  const [raised, caller] = (own.length > 0 ? own : frames).filter((frame) => spot(frame) || named(frame))
  if (!raised) return {}
  return {
    place: [spot(raised), named(raised)].filter(Boolean).join(' '),
    ...(caller && { calledBy: spot(caller) ?? named(caller) }),
  }
}

function spot({ file, line }: Frame): string | undefined {
  const name = file
    ?.replace(/[?#].*$/s, '')
    .split(/[\\/]/)
    .at(-1)
  return name && `${name}${line === undefined ? '' : `:${line}`}`
}

function named({ function: name }: Frame): string | undefined {
  return name === undefined || NAMELESS.has(name) ? undefined : name
}
