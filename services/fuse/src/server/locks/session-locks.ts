import { constants } from 'node:os'
import type { OpenMount } from '@holt/control/mounted-tree.ts'
import { made } from '../../protocol/answers.ts'
import { lockFlags, lockTypes, releaseFlags } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import type { FileLocks, Taking } from './file-locks.ts'
import type { FileLock } from './lock-table.ts'

const { errno } = constants
const EVERYTHING = { start: 0n, end: (1n << 63n) - 1n } as const

const numbers = {
  taken: 0,
  'not now': errno.EAGAIN,
  deadlock: errno.EDEADLK,
  interrupted: errno.EINTR,
} as const satisfies Record<Taking, number>

let sessions = 0

/** What one kernel asks about locks, and those it has. */
export class SessionLocks {
  readonly #tree: OpenMount
  readonly #locks: FileLocks
  readonly #session = `${++sessions} `

  constructor(tree: OpenMount, locks: FileLocks) {
    this.#tree = tree
    this.#locks = locks
  }

  #ownerOf(owner: bigint): string {
    return `${this.#session}${owner}`
  }

  #wanted(request: Request): FileLock & { isUnlock: boolean } {
    request.skip(8)
    const owner = this.#ownerOf(request.big())
    const [start, end, type, pid] = [request.big(), request.big(), request.u32(), request.u32()]
    const kind = (request.u32() & lockFlags.FLOCK) === 0 ? 'posix' : 'flock'
    return { owner, start, end, pid, kind, isExclusive: type === lockTypes.WRITE, isUnlock: type === lockTypes.NONE }
  }

  /** Of other nodes nothing is told: who wants to know tries to lock. */
  async get(request: Request): Promise<Uint8Array> {
    const wanted = this.#wanted(request)
    const found = this.#locks.conflict(await this.#tree.lockPlace(request.node), wanted)
    const { bytes, view } = made(24)
    const { start, end, pid } = found ?? wanted
    view.setBigUint64(0, start, true)
    view.setBigUint64(8, end, true)
    view.setUint32(16, found === null ? lockTypes.NONE : found.isExclusive ? lockTypes.WRITE : lockTypes.READ, true)
    view.setUint32(20, pid, true)
    return bytes
  }

  /** @returns the number of what went wrong; 0 when it went well. */
  async set(request: Request, options: { waits: boolean; signal: AbortSignal }): Promise<number> {
    const { isUnlock, ...wanted } = this.#wanted(request)
    if (wanted.start > wanted.end) return errno.EINVAL
    if (!isUnlock) return numbers[await this.#locks.take(await this.#tree.lockPlace(request.node), wanted, options)]
    await this.#release(request.node, wanted)
    return 0
  }

  /** A process that closes any descriptor of a file has no `fcntl` locks of it any more. */
  async flush(request: Request): Promise<void> {
    request.skip(16)
    await this.#release(request.node, { ...EVERYTHING, kind: 'posix', owner: this.#ownerOf(request.big()) })
  }

  async closed(request: Request): Promise<void> {
    request.skip(12)
    const flags = request.u32()
    const owner = this.#ownerOf(request.big())
    if ((flags & releaseFlags.FLOCK_UNLOCK) !== 0) await this.#release(request.node, { ...EVERYTHING, kind: 'flock', owner })
  }

  /** What was written under it is on its way to the others before they may lock. */
  async #release(node: number, range: Pick<FileLock, 'kind' | 'owner' | 'start' | 'end'>): Promise<void> {
    await this.#locks.release(await this.#tree.lockPlace(node), range, () => this.#tree.sync(node))
  }

  end(): void {
    this.#locks.releaseAll((owner) => owner.startsWith(this.#session))
  }
}
