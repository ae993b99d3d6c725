/**
 * Many hosts that report to a real server, each from an address of its own, and fall silent and come back as told. It
 * keeps what came of that: the moments at which each was heard, and the spans in which it sent nothing.
 */
import { Agent, request } from 'node:http'
import { PASSWORD, USER } from './box.ts'

export interface Member {
  readonly name: string
  readonly site?: string
  /** Public, or it would prove nothing of any network; the server must trust its proxy to see it. */
  readonly address: string
}

/** A host sent nothing in this span, epoch milliseconds. */
export interface Quiet {
  readonly host: string
  readonly fromAt: number
  readonly toAt: number
}

interface Life {
  readonly member: Member
  boot: string
  /** How many things keep it down: its own trouble, and its site's. */
  down: number
  wake?: () => void
}

const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
const ANSWER_LIMIT_MS = 3000
/** A client that is not heard tries again soon. */
const AGAIN_MS = 200

export class Crowd {
  /** When each host was told that it was heard, in order. */
  readonly heard = new Map<string, number[]>()
  readonly quiets: Quiet[] = []
  readonly #lives = new Map<string, Life>()
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 })
  readonly #port: number
  readonly #intervalMs: number
  readonly #loops: Promise<void>[] = []
  #ended = false
  #boots = 0

  constructor(port: number, members: readonly Member[], intervalMs: number) {
    this.#port = port
    this.#intervalMs = intervalMs
    for (const member of members) {
      this.#lives.set(member.name, { member, boot: this.#newBoot(), down: 0 })
      this.heard.set(member.name, [])
    }
  }

  /** All begin to report, each at a moment of its own. */
  start(): void {
    for (const life of this.#lives.values()) this.#loops.push(this.#report(life))
  }

  /** They send nothing any more, until they rise as often as they fell. */
  fall(names: Iterable<string>): void {
    for (const name of names) this.#lives.get(name)!.down++
  }

  /** They send again. @param rebooted says for each whether its machine was restarted in between */
  rise(names: Iterable<string>, rebooted: (name: string) => boolean = () => false): void {
    for (const name of names) {
      const life = this.#lives.get(name)!
      if (rebooted(name)) life.boot = this.#newBoot()
      life.down--
      life.wake?.()
    }
  }

  /** Ends all of them; nothing is on its way afterwards. */
  async end(): Promise<void> {
    this.#ended = true
    for (const { wake } of this.#lives.values()) wake?.()
    await Promise.all(this.#loops)
    this.#agent.destroy()
  }

  async #report(life: Life): Promise<void> {
    const { name } = life.member
    const heard = this.heard.get(name)!
    await this.#pause(life, Math.random() * this.#intervalMs)
    while (!this.#ended) {
      if (life.down > 0) {
        await this.#silence(life)
        continue
      }
      const status = await this.#post(life)
      if (status === 200) heard.push(Date.now())
      await this.#pause(life, status === 200 ? this.#intervalMs : AGAIN_MS)
    }
  }

  async #silence(life: Life): Promise<void> {
    const fromAt = Date.now()
    while (life.down > 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        life.wake = resolve
      })
    }
    if (!this.#ended) this.quiets.push({ host: life.member.name, fromAt, toAt: Date.now() })
  }

  #pause(life: Life, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      life.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** @returns the status, 0 when there was no answer */
  #post({ member: { name, site, address }, boot }: Life): Promise<number> {
    const fields = { host: name, interval: `${this.#intervalMs / 1000}`, boot, ...(site !== undefined && { site }) }
    return new Promise((resolve) => {
      const post = request(
        {
          port: this.#port,
          host: '127.0.0.1',
          method: 'POST',
          path: '/signal',
          agent: this.#agent,
          timeout: ANSWER_LIMIT_MS,
          headers: {
            Authorization: AUTHORIZATION,
            'Content-Type': 'application/x-www-form-urlencoded',
            'X-Forwarded-For': address,
          },
        },
        (response) => {
          response.resume()
          response.once('close', () => resolve(response.complete ? (response.statusCode ?? 0) : 0))
        },
      )
      post.once('timeout', () => post.destroy())
      post.once('error', () => resolve(0))
      post.end(new URLSearchParams(fields).toString())
    })
  }

  #newBoot(): string {
    this.#boots++
    return `boot-${this.#boots}`
  }
}
