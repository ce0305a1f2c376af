import { constants } from 'node:os'
import type { OpenMount } from '@holt/control/mounted-tree.ts'
import { errnoOf } from '../errno.ts'
import { answer, initAnswer } from '../protocol/answers.ts'
import type { Frame } from '../protocol/frame-splitter.ts'
import { IN_HEADER_BYTES, initFlags, lockInitFlags, MAJOR, opcodes } from '../protocol/numbers.ts'
import { Request } from '../protocol/request.ts'
import { attributeCalls } from './calls/attribute-calls.ts'
import type { CallContext, Handler, Outcome } from './calls/calls.ts'
import { directoryCalls } from './calls/directory-calls.ts'
import { extendedAttributeCalls } from './calls/extended-attribute-calls.ts'
import { fileCalls } from './calls/file-calls.ts'
import { lockCalls } from './calls/lock-calls.ts'
import { nameCalls } from './calls/name-calls.ts'
import { undoing } from './calls/undoing.ts'
import { Interruptions } from './interruptions.ts'
import type { FileLocks } from './locks/file-locks.ts'
import { SessionLocks } from './locks/session-locks.ts'

const { errno } = constants

/** Answers what one kernel asks about one mounted tree. */
export class KernelSession {
  readonly #tree: OpenMount
  readonly #send: (message: Uint8Array[]) => void
  readonly #interruptions = new Interruptions()
  readonly #fileLocks: FileLocks | null
  /** null: the kernel has them to itself. */
  #locks: SessionLocks | null = null
  readonly #handlers: ReadonlyMap<number, Handler>
  /** What is never answered. */
  readonly #notices: ReadonlyMap<number, (request: Request) => void>

  /** @param send takes a message in parts, to be written to the kernel in one piece. */
  constructor(tree: OpenMount, send: (message: Uint8Array[]) => void, { fileLocks = null }: { fileLocks?: FileLocks | null } = {}) {
    this.#tree = tree
    this.#fileLocks = fileLocks
    this.#send = send
    this.#notices = new Map<number, (request: Request) => void>([
      [opcodes.FORGET, (request) => tree.forget(request.node, request.u64())],
      [opcodes.BATCH_FORGET, (request) => this.#forgetMany(request)],
      [opcodes.INTERRUPT, (request) => this.#interruptions.interrupt(request.big())],
    ])
    const context: CallContext = { tree, interruptions: this.#interruptions, locks: () => this.#locks }
    this.#handlers = new Map<number, Handler>([
      [opcodes.INIT, (request) => this.#init(request)],
      ...nameCalls(context),
      ...attributeCalls(context),
      ...fileCalls(context),
      ...lockCalls(context),
      ...directoryCalls(context),
      ...extendedAttributeCalls(context),
    ])
  }

  /** Resolves when it is answered; what has no header names nobody to be answered. */
  async handle(frame: Frame): Promise<void> {
    if (frame.head.length < IN_HEADER_BYTES) return
    const request = new Request(frame)
    const notice = this.#notices.get(request.opcode)
    if (notice === undefined) return this.#answer(request)
    try {
      notice(request)
    } catch {
      // nobody waits for what becomes of it
    }
  }

  async #answer(request: Request): Promise<void> {
    const handler = this.#handlers.get(request.opcode)
    let outcome: Outcome
    try {
      const work = handler === undefined ? errno.ENOSYS : handler(request)
      const undo = work instanceof Promise ? undoing(this.#tree, request) : null
      outcome =
        undo === null ? await work : ((await this.#interruptions.orInterrupted(request.unique, Promise.resolve(work), undo)) ?? errno.EINTR)
    } catch (error) {
      outcome = errnoOf(error)
    }
    this.#send(typeof outcome === 'number' ? answer(request.unique, outcome) : answer(request.unique, 0, outcome))
  }

  async #init(request: Request): Promise<Outcome> {
    const major = request.u32()
    request.skip(4)
    const readAheadBytes = request.u32()
    if (major < MAJOR) return errno.EPROTO
    const offered = request.u32()
    // each costs a message at every close, too
    if ((await this.#fileLocks?.areShared()) === true) this.#locks ??= new SessionLocks(this.#tree, this.#fileLocks as FileLocks)
    const flags = [...Object.values(initFlags), ...(this.#locks === null ? [] : Object.values(lockInitFlags))]
    const wanted = flags.reduce((all, flag) => all | flag, 0) & ~initFlags.ATOMIC_O_TRUNC
    return initAnswer({ readAheadBytes, flags: (wanted & offered) >>> 0 })
  }

  #forgetMany(request: Request): void {
    const count = request.u32()
    request.skip(4)
    for (let i = 0; i < count; i++) this.#tree.forget(request.u64(), request.u64())
  }

  /** The kernel is gone. */
  end(): void {
    this.#interruptions.all()
    this.#locks?.end()
  }
}
