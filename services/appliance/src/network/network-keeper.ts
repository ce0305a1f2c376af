import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { NetworkState, Trial } from '@holt/control/box/methods.ts'
import { defaultNetworkSettings, type NetworkSettings } from '@holt/control/box/network-settings.ts'
import { HoltError } from '@holt/core/errors.ts'
import { readIfThere } from '../system/durable-file.ts'
import { type BoxFolders, trialFile } from './box-folders.ts'
import { generateNetwork } from './generate.ts'
import type { BoxFacts, GeneratedFile } from './generated-file.ts'
import type { NetworkSystem } from './live-network.ts'
import { checkSettings, type SettingsStore } from './settings-store.ts'

/** Long enough to find the box again under another address, short enough to be cut off for. */
export const TRIAL_MS = 60_000

const RETRY_MS = 5000

interface TrialRecord {
  id: string
  settings: NetworkSettings
  /** By the clock that runs since the machine started, as the file lives. */
  endsMs: number
}

export interface NetworkKeeperOptions {
  folders: BoxFolders
  store: SettingsStore
  system: NetworkSystem
  facts: () => Promise<BoxFacts>
  log: (text: string) => void
  /** Milliseconds of a clock that only goes forward, also over our own restart. */
  now?: () => number
  trialMs?: number
}

/**
 * Which settings hold.
 *
 * | state | holds now | after a power cut |
 * |---|---|---|
 * | at rest | what was confirmed, or what the box came with | the same |
 * | on trial | other settings, for a minute | what was confirmed |
 *
 * A trial is written down beside the running system before it begins, so that it also ends when this process does.
 */
export class NetworkKeeper {
  readonly #options: NetworkKeeperOptions
  readonly #now: () => number
  readonly #trialMs: number
  #confirmed: NetworkSettings | null = null
  #trial: TrialRecord | null = null
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: NetworkKeeperOptions) {
    this.#options = options
    this.#now = options.now ?? sinceStartMs
    this.#trialMs = options.trialMs ?? TRIAL_MS
  }

  /** Ends or goes on with a trial that an earlier process began; brings files made by an older version up to date. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      const { store, log } = this.#options
      this.#confirmed = await store.read().catch((error: Error) => {
        log(`the network settings cannot be read, the box runs on what was made from them before: ${error.message}`)
        return null
      })
      const left = await this.#readTrial()
      if (left === null) return this.#refresh()
      const runs = left.endsMs > this.#now() && left.endsMs <= this.#now() + this.#trialMs
      if (!runs || isDeepStrictEqual(left.settings, this.#confirmed)) return this.#rollBack()
      // how far the other process came is not known
      await this.#options.system.apply(await this.#filesOf(left.settings))
      this.#watch(left)
    })
  }

  /** Stops watching; a trial goes on as `open` finds it. */
  close(): void {
    clearTimeout(this.#timer)
  }

  state(): NetworkState {
    return { settings: this.#current(), byOwner: this.#confirmed !== null, trial: this.#shown() }
  }

  /** @throws HoltError INPUT_INVALID, SYSTEM_REFUSED; what held before holds then. */
  set(given: unknown): Promise<Trial> {
    return this.#inTurn(async () => {
      const settings = checkSettings(given)
      const files = await this.#filesOf(settings)
      await this.#options.system.check(files)
      const trial = { id: randomBytes(8).toString('hex'), settings, endsMs: this.#now() + this.#trialMs }
      await this.#writeTrial(trial)
      try {
        await this.#options.system.apply(files)
      } catch (error) {
        await this.#rollBack()
        throw error
      }
      // the owner's minute begins when there is something to try
      trial.endsMs = this.#now() + this.#trialMs
      await this.#writeTrial(trial)
      this.#watch(trial)
      return this.#shown() as Trial
    })
  }

  /** @throws HoltError CONFLICT when it is not these that are on trial. */
  confirm(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const trial = this.#trial
      if (trial === null || trial.id !== id)
        throw new HoltError('CONFLICT', 'these settings are not on trial any more: the ones before are back')
      await this.#options.store.write(trial.settings, await this.#filesOf(trial.settings))
      this.#confirmed = trial.settings
      await this.#forgetTrial()
    })
  }

  rollBack(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#trial !== null) await this.#rollBack()
    })
  }

  /**
   * A change that can cut nobody off: it holds at once.
   *
   * @throws HoltError CONFLICT while settings are on trial.
   */
  change(make: (settings: NetworkSettings) => NetworkSettings): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#trial !== null) throw new HoltError('CONFLICT', 'settings are on trial: confirm them or take them back first')
      const settings = checkSettings(make(this.#current()))
      const files = await this.#filesOf(settings)
      await this.#options.system.check(files)
      await this.#options.store.write(settings, files)
      this.#confirmed = settings
      await this.#options.system.apply(files)
    })
  }

  #current(): NetworkSettings {
    return this.#confirmed ?? defaultNetworkSettings
  }

  #shown(): Trial | null {
    if (this.#trial === null) return null
    const { id, settings, endsMs } = this.#trial
    return { id, settings, remainingMs: Math.max(0, Math.round(endsMs - this.#now())) }
  }

  async #filesOf(settings: NetworkSettings): Promise<GeneratedFile[]> {
    return generateNetwork(settings, await this.#options.facts())
  }

  #watch(trial: TrialRecord): void {
    this.#trial = trial
    clearTimeout(this.#timer)
    const end = (): void => {
      void this.#inTurn(async () => {
        if (this.#trial?.id !== trial.id) return
        this.#options.log('the new network settings were not confirmed: the ones before come back')
        await this.#rollBack()
      }).catch((error: Error) => {
        this.#options.log(`going back to the settings before failed, and is tried again: ${error.message}`)
        this.#timer = setTimeout(end, RETRY_MS)
      })
    }
    this.#timer = setTimeout(end, Math.max(0, trial.endsMs - this.#now()))
  }

  async #rollBack(): Promise<void> {
    const before = this.#confirmed === null ? null : await this.#filesOf(this.#confirmed)
    await this.#options.system.apply(before)
    await this.#forgetTrial()
  }

  async #forgetTrial(): Promise<void> {
    clearTimeout(this.#timer)
    await rm(trialFile(this.#options.folders), { force: true })
    this.#trial = null
  }

  /** After an update of the system, or when a radio was plugged in, the same settings may make other files. */
  async #refresh(): Promise<void> {
    if (this.#confirmed === null) return
    const files = await this.#filesOf(this.#confirmed)
    if (await this.#options.store.hasGenerated(files)) return
    await this.#options.store.writeGenerated(files)
    await this.#options.system.apply(files)
  }

  async #readTrial(): Promise<TrialRecord | null> {
    const text = await readIfThere(trialFile(this.#options.folders))
    if (text === null) return null
    const { id, settings, endsMs } = parsed(text)
    try {
      if (typeof id === 'string' && typeof endsMs === 'number') return { id, settings: checkSettings(settings), endsMs }
    } catch {}
    // whatever was tried, it ends now
    return { id: '', settings: this.#current(), endsMs: 0 }
  }

  async #writeTrial(trial: TrialRecord): Promise<void> {
    const path = trialFile(this.#options.folders)
    await mkdir(dirname(path), { recursive: true, mode: 0o750 })
    await writeFile(`${path}.new`, JSON.stringify(trial), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

/** The same for every process since the machine started, whatever is done to the clock on the wall. */
function sinceStartMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

function parsed(text: string): { id?: unknown; settings?: unknown; endsMs?: unknown } {
  try {
    return JSON.parse(text) as object
  } catch {
    return {}
  }
}
