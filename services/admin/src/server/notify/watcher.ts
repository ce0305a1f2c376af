import type { Control } from '@holt/control/schema.ts'
import { OWNER } from '../auth/caller.ts'
import { type Condition, looks } from './conditions.ts'
import type { Notices, Open } from './notices.ts'

interface WatcherOptions {
  control: Control
  notices: Notices
  /** Milliseconds since 1970. */
  now: () => number
  /** Nobody is told of anything before. */
  isSetUp: () => boolean
  everyMs?: number | undefined
}

const LOOK_EVERY_MS = 60_000
/** A loose cable is told once, not with each touch. */
const QUIET_MS = 10 * 60_000

/**
 * Looks once a minute what the owner should know, and tells it once: a condition is open from when it is first seen, told when it has lasted,
 * and forgotten some minutes after it is gone. What could not be looked at stays as it was.
 */
export class Watcher {
  readonly #options: WatcherOptions
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> = Promise.resolve()

  constructor(options: WatcherOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#options.everyMs ?? LOOK_EVERY_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#looking
  }

  /** One at a time; never fails. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookNow()).catch(() => {})
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    const { control, notices, now, isSetUp } = this.#options
    if (!isSetUp()) return
    const { version } = await control.call('node.status', {})
    if (notices.version !== null && notices.version !== version) notices.add(OWNER, 'update-installed', version)
    let open = [...notices.openOnes]
    for (const [prefix, look] of Object.entries(looks)) {
      const found = await look(control, now()).catch(() => null)
      if (found === null) continue
      const others = open.filter(({ key }) => !key.startsWith(prefix))
      open = [
        ...others,
        ...this.#compare(
          open.filter(({ key }) => key.startsWith(prefix)),
          found,
        ),
      ]
    }
    notices.keep(open, version)
  }

  #compare(before: readonly Open[], found: readonly Condition[]): Open[] {
    const nowMs = Math.round(this.#options.now())
    const here = found.map((condition) => {
      const known = before.find(({ key }) => key === condition.key) ?? { key: condition.key, sinceMs: nowMs, told: false, goneMs: null }
      const isDue = !known.told && nowMs - known.sinceMs >= condition.afterMs
      if (isDue) this.#options.notices.add(OWNER, condition.kind, condition.about)
      return { ...known, told: known.told || isDue, goneMs: null }
    })
    const gone = before
      .filter(({ key, told }) => told && !found.some((condition) => condition.key === key))
      .map((one) => ({ ...one, goneMs: one.goneMs ?? nowMs }))
    return [...here, ...gone.filter(({ goneMs }) => nowMs - goneMs < QUIET_MS)]
  }
}
