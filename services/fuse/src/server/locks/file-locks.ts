import { type LeasedLock, LockLeases } from '@holt/control/node/lock-leases.ts'
import type { LockPlace } from '@holt/control/mounted-tree.ts'
import type { Control } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { type FileLock, type LockRange, LockTable } from './lock-table.ts'

export interface TakeOptions {
  /** Until it is to be had. */
  waits: boolean
  signal: AbortSignal
}

export type Taking = 'taken' | 'not now' | 'deadlock' | 'interrupted'

interface LockedFile {
  identity: string
  path: string | null
  table: LockTable
  /** Called when a lock of it is over. */
  waiting: Set<() => void>
  /** How many are taking a lock of it. */
  taking: number
  /** Under way or had; null while no lock needs one. */
  lease: Promise<LeasedLock | null> | null
  givingBack: Promise<void>
}

/** Nobody tells when another node gives a lease back. */
const ASK_AGAIN_MS = 300
/** Who mounts waits for it just after the node has started. */
const OTHERS_KNOWN_WITHIN_MS = 10_000

/** Locks of files in mounted folders: between all of this node, and by leases, one for each file that is locked, between the owner's nodes. */
export class FileLocks {
  readonly #control: Control
  readonly #othersKnown: Promise<void>
  readonly #leases: LockLeases<LeasedLock>
  readonly #files = new Map<string, LockedFile>()
  /** Whom an owner waits for. */
  readonly #waitsFor = new Map<string, string>()

  constructor({ control, othersKnown, log }: { control: Control; othersKnown: Promise<void>; log: (text: string) => void }) {
    this.#control = control
    this.#othersKnown = othersKnown
    this.#leases = new LockLeases(control, ({ path }) =>
      log(`${path} is locked in a mounted folder, but other nodes are not held off any more`),
    )
  }

  #file({ identity, path }: LockPlace): LockedFile {
    let file = this.#files.get(identity)
    if (file === undefined) {
      file = { identity, path, table: new LockTable(), waiting: new Set(), taking: 0, lease: null, givingBack: Promise.resolve() }
      this.#files.set(identity, file)
    }
    return file
  }

  /** Of this node. */
  conflict({ identity }: LockPlace, wanted: FileLock): FileLock | null {
    return this.#files.get(identity)?.table.conflict(wanted) ?? null
  }

  async take(place: LockPlace, wanted: FileLock, { waits, signal }: TakeOptions): Promise<Taking> {
    const file = this.#file(place)
    file.taking++
    try {
      for (;;) {
        if (signal.aborted) return 'interrupted'
        const blocker = file.table.conflict(wanted)
        if (blocker === null && (await this.#takeHere(file, wanted))) return 'taken'
        if (!waits) return 'not now'
        if (blocker !== null && wanted.kind === 'posix') {
          if (this.#isAwaitedBy(wanted.owner, blocker.owner)) return 'deadlock'
          this.#waitsFor.set(wanted.owner, blocker.owner)
        }
        await this.#change(file, signal, blocker === null ? ASK_AGAIN_MS : null)
        this.#waitsFor.delete(wanted.owner)
      }
    } finally {
      this.#waitsFor.delete(wanted.owner)
      file.taking--
      this.#dropIfUnused(file)
    }
  }

  /** Others of this node are kept off while the other nodes are asked. */
  async #takeHere(file: LockedFile, wanted: FileLock): Promise<boolean> {
    file.table.put(wanted)
    file.lease ??= this.#lease(file)
    let isOurs = false
    try {
      isOurs = (await file.lease) !== null
    } finally {
      if (!isOurs) {
        file.table.clear(wanted)
        this.#freed(file)
      }
    }
    return isOurs
  }

  /** null: another node has it. */
  async #lease(file: LockedFile): Promise<LeasedLock | null> {
    await file.givingBack
    const lock: LeasedLock = { token: file.identity, path: file.path ?? '', lease: null }
    if (file.path === null) return lock
    try {
      await this.#leases.take(lock)
      return lock
    } catch (error) {
      if (!isHoltError(error, 'CONFLICT')) throw error
      return null
    }
  }

  #isAwaitedBy(owner: string, blocker: string): boolean {
    for (let at: string | undefined = blocker; at !== undefined; at = this.#waitsFor.get(at)) if (at === owner) return true
    return false
  }

  /** Resolves when a lock of the file is over, after so long, or when it is called off. */
  #change(file: LockedFile, signal: AbortSignal, withinMs: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = withinMs === null ? null : setTimeout(() => done(), withinMs)
      const done = (): void => {
        if (timer !== null) clearTimeout(timer)
        file.waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      file.waiting.add(done)
      signal.addEventListener('abort', done)
    })
  }

  /** Whether there is anybody to be held off but programs of this machine, of which its kernel takes care. */
  async areShared(): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined
    await Promise.race([this.#othersKnown, new Promise((resolve) => (timer = setTimeout(resolve, OTHERS_KNOWN_WITHIN_MS)))])
    clearTimeout(timer)
    return (await this.#control.call('cluster.show', {})).nodes.length > 0
  }

  /** @param before what is to be done before others may have it, when no lock is left. */
  async release({ identity }: LockPlace, range: LockRange, before: () => Promise<void> = async () => {}): Promise<void> {
    const file = this.#files.get(identity)
    if (file === undefined || file.table.isEmpty) return
    file.table.clear(range)
    if (file.table.isEmpty) await before().catch(() => {})
    this.#freed(file)
  }

  releaseAll(isGone: (owner: string) => boolean): void {
    for (const file of this.#files.values()) {
      file.table.clearAll(isGone)
      this.#freed(file)
    }
  }

  #freed(file: LockedFile): void {
    if (file.table.isEmpty && file.lease !== null) {
      const { lease } = file
      file.lease = null
      file.givingBack = lease.then(
        (lock) => (lock === null ? undefined : this.#leases.release(lock)),
        () => {},
      )
    }
    for (const wake of file.waiting) wake()
    this.#dropIfUnused(file)
  }

  #dropIfUnused(file: LockedFile): void {
    const isUnused = (): boolean => file.table.isEmpty && file.taking === 0 && file.lease === null
    if (!isUnused()) return
    void file.givingBack.then(() => {
      if (isUnused() && this.#files.get(file.identity) === file) this.#files.delete(file.identity)
    })
  }

  async close(): Promise<void> {
    await this.#leases.close()
  }
}
