import type { PowerChoice, PowerStatus } from '@holt/control/power.ts'
import type { Disk } from '@holt/core/disk.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { type Clock, systemClock } from '@holt/store/fragments/clock.ts'
import type { PhoneConditions } from '../photos/phone-media.ts'
import { decide } from './power-rules.ts'
import { firstPowerSettings, type PowerSettings, readPowerSettings, writePowerSettings } from './power-settings.ts'
import { RestingClock } from './resting-clock.ts'
import { Traffic } from './traffic.ts'

/** What the app does for the node as long as that is so. */
export interface PowerDemand {
  /** The processor is to stay awake. */
  work: boolean
  /** What others say to all on the local network is to come through. */
  multicast: boolean
}

export interface PhonePowerOptions {
  disk: Disk
  clock?: Clock
  onDemand: (demand: PowerDemand) => void
  warn: (text: string) => void
}

/** Others are found in this time, or are not there. */
const WINDOW_MS = 20_000
/** Whatever there is to do: a phone's system ends a job that takes longer, and the next window goes on. */
const LONGEST_WINDOW_MS = 9 * 60_000
const LOOK_EVERY_MS = 5000
/** Since the last look: less is what nodes say to each other that have nothing to do. */
const LEAST_TRAFFIC_BYTES = 16 << 10
/** Others answer each other's questions at once; after that, who comes asks by itself. */
const MULTICAST_MS = 60_000

/**
 * Has a phone rest. At rest the node is not among others and its clock stands still but for a beat (RestingClock). It is awake while the app is open
 * or the phone is charged, and for a **window**: when the app says that it is time, when the line has become one that the owner allows, when a
 * picture was taken or something was written. A window goes on as long as there is something to do.
 */
export class PhonePower {
  readonly clock: RestingClock
  readonly traffic = new Traffic()
  readonly #options: PhonePowerOptions
  /** Goes on at rest. */
  readonly #time: Clock
  readonly #watchers = new Set<() => void>()
  #settings: PowerSettings
  #conditions: PhoneConditions & { viewed: boolean } = { charging: false, wifi: false, metered: true, viewed: false }
  #openedMs: number | null = null
  #trafficSeen = 0
  #callOffLook = (): void => {}
  #callOffMulticast = (): void => {}
  #isBusy: () => boolean = () => false
  #status: PowerStatus
  #demand: PowerDemand = { work: false, multicast: false }

  private constructor(options: PhonePowerOptions, settings: PowerSettings) {
    this.#options = options
    this.#time = options.clock ?? systemClock
    this.clock = new RestingClock(this.#time)
    this.#settings = settings
    this.#status = this.#decide()
  }

  /** Begins with a window. What was decided and is damaged is as at first. @throws HoltError UNSUPPORTED_VERSION */
  static async open(options: PhonePowerOptions): Promise<PhonePower> {
    const settings = await readPowerSettings(options.disk).catch((error: unknown) => {
      if (!isHoltError(error, 'MALFORMED')) throw error
      options.warn(`what was decided about battery and line is lost: ${error.message}`)
      return firstPowerSettings
    })
    const power = new PhonePower(options, settings)
    power.#openWindow()
    return power
  }

  status(): PowerStatus {
    return this.#status
  }

  /** It may be among others now. */
  get isConnected(): boolean {
    return this.#status.connected
  }

  async set(choice: PowerChoice): Promise<PowerStatus> {
    const next = { ...this.#settings, ...choice }
    await writePowerSettings(this.#options.disk, next)
    this.#settings = next
    this.#follow()
    return this.#status
  }

  setConditions({ charging, wifi, metered }: PhoneConditions): void {
    this.#conditions = { ...this.#conditions, charging, wifi, metered }
    this.#follow()
  }

  setViewed(viewed: boolean): void {
    this.#conditions = { ...this.#conditions, viewed }
    this.#follow()
  }

  /** The app says that it is time. Where the owner's rules let nobody be reached there is no use in it. */
  window(): void {
    if (this.#status.waitsFor === null) this.#openWindow()
    // the app waits for an answer before it lets the phone sleep
    else this.#options.onDemand(this.#demand)
  }

  /** There is something to do, of which the rules are its own, or something to send. */
  stir(): void {
    if (this.#openedMs === null) this.#openWindow()
  }

  /** @param isBusy whether there is something to do besides what goes between nodes; asked while a window is open. */
  askWhether(isBusy: () => boolean): void {
    this.#isBusy = isBusy
  }

  /** @returns what ends it. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  close(): void {
    this.#callOffLook()
    this.#callOffMulticast()
    this.#watchers.clear()
  }

  #openWindow(): void {
    this.#openedMs = this.#time.nowMs()
    this.#lookLater()
    this.#follow()
    this.#multicast()
  }

  #lookLater(): void {
    this.#callOffLook()
    this.#callOffLook = this.#time.after(LOOK_EVERY_MS, () => {
      const openMs = Math.abs(this.#time.nowMs() - (this.#openedMs ?? 0))
      const goesOn = this.traffic.bytes - this.#trafficSeen >= LEAST_TRAFFIC_BYTES
      this.#trafficSeen = this.traffic.bytes
      if (openMs < WINDOW_MS || (openMs < LONGEST_WINDOW_MS && (goesOn || this.#isBusy()))) return this.#lookLater()
      this.#openedMs = null
      this.#follow()
    })
  }

  /** For a while from now, if it is among others. */
  #multicast(): void {
    this.#callOffMulticast()
    this.#callOffMulticast = this.#time.after(MULTICAST_MS, () => {
      this.#callOffMulticast = () => {}
      this.#demandOf({ ...this.#demand, multicast: false })
    })
    this.#demandOf({ ...this.#demand, multicast: this.#status.connected })
  }

  #follow(): void {
    const before = this.#status
    this.#status = this.#decide()
    const { awake, connected, waitsFor } = this.#status
    if (awake === null) this.clock.rest()
    else this.clock.wake()
    const isNew = connected && !before.connected
    if (isNew) this.#multicast()
    this.#demandOf({ work: this.#openedMs !== null, multicast: this.#demand.multicast && connected })
    if (connected !== before.connected) for (const changed of this.#watchers) changed()
    // a line that was waited for: what others have is to come
    if (before.waitsFor !== null && waitsFor === null && awake === null) this.#openWindow()
  }

  #decide(): PowerStatus {
    const { network, charging, always } = this.#settings
    return { network, charging, always, ...decide(this.#settings, { ...this.#conditions, window: this.#openedMs !== null }) }
  }

  #demandOf(demand: PowerDemand): void {
    if (demand.work === this.#demand.work && demand.multicast === this.#demand.multicast) return
    this.#demand = demand
    this.#options.onDemand(demand)
  }
}
