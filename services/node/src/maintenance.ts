import type { CallOptions, Result } from '@holt/control/schema.ts'
import { toHoltError } from '@holt/core/errors.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'
import type { PackStore } from '@holt/store/pack-store.ts'
import type { Volume } from '@holt/tree/types.ts'
import type { Trash } from './hidden/trash.ts'
import type { Uploads } from './hidden/uploads.ts'
import type { NodePlatform } from './platform.ts'
import type { NodeSettings } from './settings.ts'

interface MaintenanceContext {
  platform: NodePlatform
  clock: Clock
  settings: NodeSettings
  keeper: DriveKeeper
  store: PackStore
  volume: Volume
  trash: Trash
  uploads: Uploads
}

/** Old versions thin out by the hour at the finest. */
const ROUND_MS = 3600_000
/** Several drives are often added one after the other: their packs are spread anew once. */
const REBALANCE_DELAY_MS = 5_000

/** What a node does by itself: thins out old versions, frees what nothing keeps, uses drives that came. One thing at a time. */
export class Maintenance {
  readonly #context: MaintenanceContext
  readonly #stopping = new AbortController()
  #callOffRound = (): void => {}
  #callOffRebalance = (): void => {}
  #running: Promise<unknown> = Promise.resolve()

  constructor(context: MaintenanceContext) {
    this.#context = context
  }

  start(): void {
    this.#callOffRound = this.#context.clock.after(ROUND_MS, () => {
      this.start()
      void this.collect({}).catch((error: unknown) => this.#complain('cleaning up', error))
    })
  }

  async stop(): Promise<void> {
    this.#callOffRound()
    this.#callOffRebalance()
    this.#stopping.abort()
    await this.#running.catch(() => {})
  }

  /** Empties the trash of what is old, thins out old versions by the retention rules, then frees what no version needs. */
  collect({ signal, onProgress }: CallOptions): Promise<Result<'store.collect'>> {
    return this.#alone(async () => {
      const { settings, keeper, store, volume, trash, uploads } = this.#context
      const losses = (redundancyClass: string): number => {
        const { dataFragments, totalFragments } = keeper.codeOf(redundancyClass)
        return totalFragments - dataFragments
      }
      await uploads.expire()
      await trash.empty(settings.trashSeconds)
      await volume.prune(settings.retention)
      const stop = signal === undefined ? this.#stopping.signal : AbortSignal.any([signal, this.#stopping.signal])
      return store.collect({
        live: volume.live({ signal: stop }),
        isSafer: (one, other) => losses(one) > losses(other),
        signal: stop,
        onProgress: (progress) => onProgress?.({ phase: 'collect', ...progress }),
      })
    })
  }

  /** Soon spreads packs anew whose class has another k of n now; not while a drive is missing, which may come back. */
  rebalanceSoon(): void {
    this.#callOffRebalance()
    this.#callOffRebalance = this.#context.clock.after(REBALANCE_DELAY_MS, () => {
      void this.#alone(() => this.#rebalanceNow()).catch((error: unknown) => this.#complain('spreading anew', error))
    })
  }

  async #rebalanceNow(): Promise<void> {
    const { keeper } = this.#context
    if (keeper.drives().some(({ state }) => state === 'missing')) return
    await keeper.rebalance({ signal: this.#stopping.signal })
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#running.catch(() => {}).then(work)
    this.#running = next
    return next
  }

  #complain(what: string, error: unknown): void {
    const { code, message } = toHoltError(error)
    if (code !== 'CANCELLED' && !this.#stopping.signal.aborted) this.#context.platform.log('warn', `${what} failed: ${message} (${code})`)
  }
}
