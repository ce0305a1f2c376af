import { toHoltError } from '@holt/core/errors.ts'
import type { PackStore } from '@holt/store/pack-store.ts'
import type { Volume } from '@holt/tree/types.ts'
import type { NodePlatform } from './platform.ts'
import type { NodeSettings } from './settings.ts'

interface MaintenanceContext {
  platform: NodePlatform
  settings: NodeSettings
  store: PackStore
  volume: Volume
}

/** Old versions thin out by the hour at the finest. */
const PRUNE_INTERVAL_MS = 3600_000

/** What a node does by itself: thins out old versions by the retention rules. */
export class Maintenance {
  readonly #context: MaintenanceContext
  #timer: ReturnType<typeof setInterval> | null = null
  #running: Promise<unknown> = Promise.resolve()

  constructor(context: MaintenanceContext) {
    this.#context = context
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.#prune()
    }, PRUNE_INTERVAL_MS)
    // a browser's timer is a number and needs none of this
    if (typeof this.#timer === 'object') (this.#timer as { unref?: () => void }).unref?.()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#running
  }

  async #prune(): Promise<void> {
    const { platform, settings, volume } = this.#context
    try {
      await volume.prune(settings.retention)
    } catch (error) {
      platform.log('warn', `old versions could not be thinned out: ${toHoltError(error).message}`)
    }
  }
}
