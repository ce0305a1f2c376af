import type { DriveHolder } from './drive-holder.ts'
import type { HolderState } from './holder.ts'
import type { KeeperContext } from './keeper-context.ts'

const WATCH_MS = 5_000

/** @returns those that could be scanned. */
type Scan = (holders: readonly DriveHolder[]) => Promise<ReadonlySet<DriveHolder>>

/** Looks at the drives from time to time: tells what changed, and has those scanned that came back. */
export class DriveWatch {
  readonly #context: KeeperContext
  readonly #scan: Scan
  readonly #afterLook: () => Promise<void>
  readonly #states = new Map<DriveHolder, { state: HolderState; arrivals: number }>()
  #looking: Promise<void> = Promise.resolve()
  #callOff: (() => void) | null = null
  #isStopped = true

  /** @param scan called with drives that came back, or that have drops to be carried out; `afterLook` whenever that was done. */
  constructor(context: KeeperContext, scan: Scan, afterLook: () => Promise<void>) {
    this.#context = context
    this.#scan = scan
    this.#afterLook = afterLook
  }

  /** @param options `timer`: false looks only when told. */
  start({ timer }: { timer: boolean }): void {
    this.#isStopped = !timer
    for (const holder of this.#context.holders) this.add(holder)
    this.#lookLater()
  }

  /** The drive was scanned; what it is like now is no news. */
  add(holder: DriveHolder): void {
    this.#states.set(holder, { state: holder.state, arrivals: holder.arrivals })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#callOff?.()
    await this.#looking
  }

  /** Resolves when each drive was looked at and those that came back are in use again. */
  async look(): Promise<void> {
    const turn = this.#looking.then(() => this.#lookAtAll())
    this.#looking = turn.catch(() => {})
    await turn
  }

  #lookLater(): void {
    if (this.#isStopped) return
    this.#callOff = this.#context.clock.after(WATCH_MS, () => {
      // A fault of the data folder, which others will meet as well.
      void this.look()
        .catch(() => {})
        .then(() => this.#lookLater())
    })
  }

  async #lookAtAll(): Promise<void> {
    const holders = [...this.#context.holders]
    await Promise.all(holders.map((holder) => holder.check()))
    const arrived = holders.filter((holder) => holder.state !== 'missing' && this.#needsScan(holder))
    const scanned = arrived.length > 0 ? await this.#scan(arrived) : new Set()
    for (const holder of holders) this.#note(holder, arrived.includes(holder) && !scanned.has(holder))
    for (const holder of this.#states.keys()) if (!this.#context.holders.includes(holder)) this.#states.delete(holder)
    await this.#afterLook()
  }

  #needsScan(holder: DriveHolder): boolean {
    const seen = this.#states.get(holder)
    return (seen !== undefined && seen.arrivals !== holder.arrivals) || this.#context.drops.pendingOn(holder.id).length > 0
  }

  #note(holder: DriveHolder, isToBeScanned: boolean): void {
    const { id, folder, state, problem } = holder
    const seen = this.#states.get(holder)
    this.#states.set(holder, { state, arrivals: isToBeScanned ? -1 : holder.arrivals })
    if (seen !== undefined && seen.state !== state) this.#context.emit({ kind: 'drive', drive: id, folder, state, problem })
  }
}
