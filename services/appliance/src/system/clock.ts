import type { TimeStatus } from '@holt/control/box/methods.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Tools } from './tools.ts'

/** When this was written: a clock before it is certainly wrong. */
const EARLIEST_SECONDS = 1_790_000_000
const LATEST_SECONDS = 4_102_444_800

/** Boards without a battery wake up in the past; without the internet only a person's browser knows better. */
export class Clock {
  readonly #tools: Tools
  readonly #outside: Tools

  /** @param outside with the right to set the clock. */
  constructor(tools: Tools, outside: Tools) {
    this.#tools = tools
    this.#outside = outside
  }

  async status(): Promise<TimeStatus> {
    const facts = properties(await this.#tools.run('timedatectl', ['show']))
    const sync = properties(await this.#tools.run('timedatectl', ['show-timesync']).catch(() => ''))
    return {
      now: Date.now() / 1000,
      synchronized: facts.get('NTPSynchronized') === 'yes',
      zone: facts.get('Timezone') ?? 'UTC',
      server: sync.get('ServerName') || null,
    }
  }

  /** @throws HoltError CONFLICT when the network has set the clock already, INPUT_INVALID. */
  async set(now: number): Promise<void> {
    if (now < EARLIEST_SECONDS || now > LATEST_SECONDS) throw new HoltError('INPUT_INVALID', 'that is not today', { field: 'now' })
    if ((await this.status()).synchronized) throw new HoltError('CONFLICT', 'the clock is set by the network')
    await this.#outside.run('date', ['--set', `@${Math.floor(now)}`])
  }
}

/** 'Name=value' lines. */
export function properties(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
    }),
  )
}
