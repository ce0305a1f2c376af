import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type {
  Delivery,
  DeliveryResult,
  LogLine,
  Powers,
  ProgramCode,
  Sandbox,
  StoreChange,
  StoreEntry,
  Vat,
  VatLimits,
} from '@holt/sandbox/types.ts'
import { Desk } from './desk.ts'
import { StoreSize } from './store-size.ts'

/** What is kept for a program: its own store, and what the node has for it on the desk. */
export interface KeptChanges {
  store: readonly StoreChange[]
  desk: readonly StoreChange[]
}

/** Where the store and the desk of a program lie while no vat of it runs. */
export interface Keeping {
  load(): Promise<readonly StoreEntry[]>
  loadDesk(): Promise<readonly StoreEntry[]>
  /** All of it or nothing; durable when it resolves. Not called again before that. */
  keep(changes: KeptChanges): Promise<void>
}

/** What deliveries ask for that is not kept, as what they send to who is connected now: it is done when what they changed is kept, or not at all. */
export interface Effects {
  /** A turn begins. */
  begin(): void
  /** It is over, and was answered with this. One of both is called when what it and those before it changed is kept, or could not be; in the order of turns. */
  take(answer: Uint8Array | null): { done(): void; undone(): void }
  /** It failed. */
  drop(): void
}

export interface RunnerOptions {
  sandbox: Sandbox
  code: ProgramCode
  limits: VatLimits
  /** As in `VatOptions`. */
  preopens?: readonly string[]
  args?: readonly string[]
  powers: Powers
  keeping: Keeping
  effects?: Effects
  onLog: (line: LogLine) => void
  /** A turn changed something on the desk, or the desk is as it was kept again. */
  onDesk?: () => void
  /** These changes of the desk are durable. */
  onKept?: (desk: readonly StoreChange[]) => void
  /** A vat without work gives its thread back after so long. */
  idleMs?: number
  /** Milliseconds of a clock that only goes on. */
  nowMs?: () => number
}

export interface RunnerTotals {
  deliveries: number
  failures: number
  /** Units of the meter, and time, of all deliveries. */
  meter: number
  timeMs: number
  /** Of the vat now; 0 when none runs. */
  memoryBytes: number
  /** What its store takes, as its limit counts; of the vat that ran last. */
  storeBytes: number
  /** Units of the meter of the last delivery, and of that which took most. */
  lastMeter: number
  mostMeter: number
  waiting: number
}

/**
 * Something that has its turn as a delivery has. Called when the turn comes, so that it sees the desk as all before it left it; what it changes there
 * is kept with what the delivery changes.
 *
 * @returns what to deliver; null when there is nothing for the program to do.
 */
export type Turn = (desk: Desk) => Delivery | null

interface Waiting {
  turn: Turn
  resolve(body: Uint8Array): void
  reject(error: unknown): void
}

interface Gathered {
  store: Map<string, StoreChange>
  desk: Map<string, StoreChange>
}

export const MOST_WAITING = 256
const IDLE_MS = 30_000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000

/**
 * Brings deliveries to one program, in order, and keeps what they changed.
 *
 * | vat | when |
 * |---|---|
 * | none | nothing has come for a while, or the last delivery failed: the next one opens a vat with the store as it was kept |
 * | open | it has the store of all deliveries that succeeded; what is not kept yet is on its way |
 *
 * A delivery is answered when what it changed, and all that was changed before, is kept. One that fails changes nothing: its vat is ended, for what
 * its memory has become nobody knows.
 */
export class ProgramRunner {
  readonly desk = new Desk()
  readonly totals: RunnerTotals = {
    deliveries: 0,
    failures: 0,
    meter: 0,
    timeMs: 0,
    memoryBytes: 0,
    storeBytes: 0,
    lastMeter: 0,
    mostMeter: 0,
    waiting: 0,
  }
  readonly #options: RunnerOptions
  readonly #queue: Waiting[] = []
  #vat: Vat | null = null
  /** Of the vat's store. */
  #size = new StoreSize([])
  /** All that was asked to be kept so far; rejects when some of it could not be. */
  #kept: Promise<unknown> = Promise.resolve()
  /** What is to be kept when that which is being kept now is; null: nothing yet. */
  #gathered: Gathered | null = null
  /** What memory has is not what was kept. */
  #behind = false
  #working: Promise<void> | null = null
  #idle: ReturnType<typeof setTimeout> | null = null
  #stopped: HoltError | null = null
  /** Of a program that does not even start: it is not tried again at each delivery. */
  #pause: { untilMs: number; ms: number; error: HoltError } | null = null

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#vat !== null
  }

  get isStopped(): boolean {
    return this.#stopped !== null
  }

  /** To be called first. @throws HoltError of the tree: what lies on the desk cannot be read. */
  async open(): Promise<void> {
    this.desk.load(await this.#options.keeping.loadDesk())
    this.#options.onDesk?.()
  }

  /**
   * @param onTurn called when its turn comes.
   * @throws HoltError of the vat; LIMIT_REACHED when too many wait; PROGRAM_ENDED when it was stopped; those of keeping.
   */
  deliver(delivery: Delivery, onTurn: () => void = () => {}): Promise<Uint8Array> {
    if (this.#queue.length >= MOST_WAITING && this.#stopped === null)
      return Promise.reject(
        new HoltError('LIMIT_REACHED', `${MOST_WAITING} deliveries wait for this program already`, { limit: 'waiting' }),
      )
    return this.turn(() => {
      onTurn()
      return delivery
    })
  }

  /** As `deliver`, for what the node itself begins, and bounds: it is never one too many. @returns an empty answer when nothing was delivered. */
  turn(turn: Turn): Promise<Uint8Array> {
    if (this.#stopped !== null) return Promise.reject(this.#stopped)
    return new Promise((resolve, reject) => {
      this.#queue.push({ turn, resolve, reject })
      this.totals.waiting = this.#queue.length
      this.#working ??= this.#work()
    })
  }

  /** Resolves when nothing waits and everything is kept, or could not be. */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working
    await this.#kept.catch(() => {})
  }

  /** Ends it now; what waits is refused with PROGRAM_ENDED. */
  async stop(reason = 'the program was stopped'): Promise<void> {
    this.#stopped ??= new HoltError('PROGRAM_ENDED', reason)
    for (const { reject } of this.#queue.splice(0)) reject(this.#stopped)
    await this.#endVat()
    await this.settled()
  }

  async #work(): Promise<void> {
    this.#cancelIdle()
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.totals.waiting = this.#queue.length
      await this.#one(next)
    }
    this.#working = null
    if (this.#vat !== null) this.#idle = setTimeout(() => this.#rest(), this.#options.idleMs ?? IDLE_MS)
  }

  async #one({ turn, resolve, reject }: Waiting): Promise<void> {
    const { effects } = this.#options
    try {
      if (this.#behind) await this.#goBack()
      this.desk.open()
      effects?.begin()
      const delivery = turn(this.desk)
      const result = delivery === null ? null : await this.#deliver(delivery)
      const kept = this.#keep({ store: result?.changes ?? [], desk: this.desk.take() })
      const asked = effects?.take(result?.body ?? null)
      // the next delivery need not wait for the drive, only the answer to this one
      kept.then(
        () => {
          asked?.done()
          resolve(result?.body ?? new Uint8Array(0))
        },
        (error: unknown) => {
          asked?.undone()
          reject(error)
        },
      )
    } catch (error) {
      this.desk.undo()
      effects?.drop()
      reject(this.#stopped ?? error)
    }
  }

  async #deliver(delivery: Delivery): Promise<DeliveryResult> {
    this.totals.deliveries++
    try {
      const vat = await this.#openVat()
      const result = await vat.deliver(delivery)
      this.#count(result)
      return result
    } catch (error) {
      this.totals.failures++
      await this.#endVat()
      throw error
    }
  }

  #count({ meter, timeMs, memoryBytes, changes }: DeliveryResult): void {
    this.totals.meter += meter
    this.totals.lastMeter = meter
    this.totals.mostMeter = Math.max(this.totals.mostMeter, meter)
    this.totals.timeMs += timeMs
    this.totals.memoryBytes = memoryBytes
    this.#size.change(changes)
    this.totals.storeBytes = this.#size.bytes
  }

  /** What comes while something is being kept is kept together, next: a drive has only so many commits in a second. */
  #keep(changes: KeptChanges): Promise<unknown> {
    if (changes.desk.length > 0) this.#options.onDesk?.()
    if (changes.store.length + changes.desk.length === 0) return this.#kept
    const gathered = this.#gathered ?? this.#gather()
    for (const change of changes.store) gathered.store.set(change.key, change)
    for (const change of changes.desk) gathered.desk.set(change.key, change)
    return this.#kept
  }

  #gather(): Gathered {
    const gathered: Gathered = { store: new Map(), desk: new Map() }
    const noLonger = (): void => {
      if (this.#gathered === gathered) this.#gathered = null
    }
    this.#gathered = gathered
    this.#kept = this.#kept.then(async () => {
      noLonger()
      const desk = [...gathered.desk.values()]
      await this.#options.keeping.keep({ store: [...gathered.store.values()], desk })
      if (desk.length > 0) this.#options.onKept?.(desk)
    })
    this.#kept.catch(() => {
      noLonger()
      this.#behind = true
      // who waits for what is on the desk must not go by what it is not
      this.turn(() => null).catch(() => {})
      return this.#endVat() // its memory is ahead of what is kept
    })
    return gathered
  }

  /** After something could not be kept: to what was. */
  async #goBack(): Promise<void> {
    await this.#kept.catch(() => {})
    this.#kept = Promise.resolve()
    this.desk.load(await this.#options.keeping.loadDesk())
    this.#behind = false
    this.#options.onDesk?.()
  }

  async #openVat(): Promise<Vat> {
    if (this.#stopped !== null) throw this.#stopped
    if (this.#vat?.alive === true) return this.#vat
    const { sandbox, code, limits, preopens = [], args = [], powers, keeping, onLog } = this.#options
    const nowMs = this.#options.nowMs ?? (() => performance.now())
    if (this.#pause !== null && nowMs() < this.#pause.untilMs) throw this.#pause.error
    await this.#kept // the store is read as all before left it
    const store = await keeping.load()
    this.#size = new StoreSize(store)
    this.totals.storeBytes = this.#size.bytes
    try {
      const vat = await sandbox.openVat({ code, limits, preopens, args, powers, store, onLog })
      this.#pause = null
      if (this.isStopped) {
        await vat.end()
        throw new HoltError('PROGRAM_ENDED', 'the program was stopped meanwhile')
      }
      this.#vat = vat
      return vat
    } catch (caught) {
      const error = toHoltError(caught)
      const ms = Math.min(LONGEST_PAUSE_MS, (this.#pause?.ms ?? FIRST_PAUSE_MS / 2) * 2)
      if (!this.isStopped) this.#pause = { untilMs: nowMs() + ms, ms, error }
      throw error
    }
  }

  async #endVat(): Promise<void> {
    this.#cancelIdle()
    const vat = this.#vat
    this.#vat = null
    this.#size = new StoreSize([])
    this.totals.memoryBytes = 0
    await vat?.end()
  }

  #cancelIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
  }

  #rest(): void {
    this.#idle = null
    if (this.#working === null) void this.#endVat()
  }
}
