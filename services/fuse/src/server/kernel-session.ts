import { constants } from 'node:os'
import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { AttributeChanges, DirectoryPlace, NodeAttributes, OpenMount } from '@holt/control/mounted-tree.ts'
import { errnoOf } from '../errno.ts'
import { answer, attributesAnswer, entryAnswer, initAnswer, made, openAnswer as opened, spaceAnswer } from '../protocol/answers.ts'
import { DirectoryPage } from '../protocol/directory-page.ts'
import type { Frame } from '../protocol/frame-splitter.ts'
import {
  accessModes,
  allocateModes,
  ENTRY_BYTES,
  initFlags,
  lockInitFlags,
  MAJOR,
  opcodes,
  openAnswer,
  renameFlags,
  setAttribute,
  WRITE_IN_BYTES,
  writeFlags,
} from '../protocol/numbers.ts'
import { Request } from '../protocol/request.ts'
import { Interruptions } from './interruptions.ts'
import type { FileLocks } from './locks/file-locks.ts'
import { SessionLocks } from './locks/session-locks.ts'

const { errno } = constants
const ENODATA = 61

/** An answer's body, or the number of what went wrong. */
type Outcome = Uint8Array | number
type Handler = (request: Request) => Promise<Outcome> | Outcome

const DONE = new Uint8Array(0)
const KIND_MASK = 0o170000
const REGULAR = 0o100000
const SETUID = 0o4000
const SETGID = 0o2000
const GROUP_RUNS = 0o0010
const XATTR_CREATE = 1
const XATTR_REPLACE = 2
const LIST_AT_ONCE = 256
const MAX_NAME_BYTES = 255
/** Two names come before the first of the directory. */
const DOTS = 2

/** Answers what one kernel asks about one mounted tree. */
export class KernelSession {
  readonly #tree: OpenMount
  readonly #send: (message: Uint8Array[]) => void
  readonly #interruptions = new Interruptions()
  readonly #fileLocks: FileLocks | null
  /** null: the kernel has them to itself. */
  #locks: SessionLocks | null = null
  readonly #handlers: ReadonlyMap<number, Handler>

  /** @param send takes a message in parts, to be written to the kernel in one piece. */
  constructor(tree: OpenMount, send: (message: Uint8Array[]) => void, { fileLocks = null }: { fileLocks?: FileLocks | null } = {}) {
    this.#tree = tree
    this.#fileLocks = fileLocks
    this.#send = send
    this.#handlers = new Map<number, Handler>([
      [opcodes.INIT, (request) => this.#init(request)],
      [opcodes.LOOKUP, async (request) => entryAnswer(await this.#tree.lookup(this.#place(request))).bytes],
      [opcodes.GETATTR, async ({ node }) => attributesAnswer(await this.#tree.attributes(node))],
      [opcodes.SETATTR, (request) => this.#setAttributes(request)],
      [opcodes.READLINK, async ({ node }) => utf8(await this.#tree.readSymlink(node))],
      [opcodes.SYMLINK, (request) => this.#symlink(request)],
      [opcodes.MKNOD, (request) => this.#makeNode(request)],
      [opcodes.MKDIR, (request) => this.#makeDirectory(request)],
      [opcodes.UNLINK, (request) => this.#remove(request, 'other')],
      [opcodes.RMDIR, (request) => this.#remove(request, 'directory')],
      [opcodes.RENAME, (request) => this.#rename(request, request.u64(), 0)],
      [opcodes.RENAME2, (request) => this.#renameWithFlags(request)],
      // an entry has one place: it holds the key of what it names
      [opcodes.LINK, () => errno.EPERM],
      [opcodes.OPEN, (request) => this.#open(request)],
      [opcodes.CREATE, (request) => this.#create(request)],
      [opcodes.READ, (request) => this.#read(request)],
      [opcodes.WRITE, (request) => this.#write(request)],
      [opcodes.RELEASE, (request) => this.#release(request)],
      [opcodes.FLUSH, (request) => this.#flush(request)],
      [opcodes.GETLK, (request) => this.#locks?.get(request) ?? errno.ENOSYS],
      [opcodes.SETLK, (request) => this.#lock(request, false)],
      [opcodes.SETLKW, (request) => this.#lock(request, true)],
      [opcodes.FSYNC, ({ node }) => this.#sync(node)],
      [opcodes.FSYNCDIR, () => this.#sync(null)],
      [opcodes.FALLOCATE, (request) => this.#allocate(request)],
      [opcodes.OPENDIR, (request) => this.#openDirectory(request)],
      [opcodes.READDIR, (request) => this.#list(request, false)],
      [opcodes.READDIRPLUS, (request) => this.#list(request, true)],
      [opcodes.RELEASEDIR, (request) => this.#releaseDirectory(request)],
      [opcodes.STATFS, async () => spaceAnswer(await this.#tree.space())],
      [opcodes.GETXATTR, (request) => this.#getExtended(request)],
      [opcodes.SETXATTR, (request) => this.#setExtended(request)],
      [opcodes.LISTXATTR, (request) => this.#listExtended(request)],
      [opcodes.REMOVEXATTR, (request) => this.#removeExtended(request)],
      [opcodes.DESTROY, () => this.#sync(null)],
    ])
  }

  /** Resolves when it is answered. */
  async handle(frame: Frame): Promise<void> {
    const request = new Request(frame)
    if (request.opcode === opcodes.FORGET) return this.#tree.forget(request.node, request.u64())
    if (request.opcode === opcodes.BATCH_FORGET) return this.#forgetMany(request)
    if (request.opcode === opcodes.INTERRUPT) return this.#interrupt(request)
    const handler = this.#handlers.get(request.opcode)
    let outcome: Outcome
    try {
      const work = handler === undefined ? errno.ENOSYS : handler(request)
      const undo = work instanceof Promise ? this.#undoing(request) : null
      outcome =
        undo === null ? await work : ((await this.#interruptions.orInterrupted(request.unique, Promise.resolve(work), undo)) ?? errno.EINTR)
    } catch (error) {
      outcome = errnoOf(error)
    }
    this.#send(typeof outcome === 'number' ? answer(request.unique, outcome) : answer(request.unique, 0, outcome))
  }

  /**
   * Of what may be left alone while it waits for drives or other nodes, as it only looks: what takes it back. null for all that changes something. What a page of
   * a directory has told stays known until it is unmounted.
   */
  #undoing({ opcode, node }: Request): ((outcome: Outcome) => void) | null {
    switch (opcode) {
      case opcodes.READ:
      case opcodes.GETATTR:
      case opcodes.READLINK:
      case opcodes.READDIR:
      case opcodes.READDIRPLUS:
      case opcodes.GETXATTR:
      case opcodes.LISTXATTR:
        return () => {}
      case opcodes.LOOKUP:
        return (outcome) => {
          const number = firstNumberOf(outcome)
          if (number > 0) this.#tree.forget(number, 1)
        }
      case opcodes.OPEN:
        return () => this.#tree.close(node)
      case opcodes.OPENDIR:
        return (outcome) => this.#tree.closeDirectory(firstNumberOf(outcome))
      default:
        return null
    }
  }

  async #init(request: Request): Promise<Outcome> {
    const major = request.u32()
    request.skip(4)
    const readAheadBytes = request.u32()
    if (major < MAJOR) return errno.EPROTO
    const offered = request.u32()
    // each costs a message at every close, too
    if ((await this.#fileLocks?.areShared()) === true) this.#locks = new SessionLocks(this.#tree, this.#fileLocks as FileLocks)
    const flags = [...Object.values(initFlags), ...(this.#locks === null ? [] : Object.values(lockInitFlags))]
    const wanted = flags.reduce((all, flag) => all | flag, 0) & ~initFlags.ATOMIC_O_TRUNC
    return initAnswer({ readAheadBytes, flags: (wanted & offered) >>> 0 })
  }

  #place(request: Request): DirectoryPlace {
    return { parent: request.node, name: checkedName(request.text()) }
  }

  #forgetMany(request: Request): void {
    const count = request.u32()
    request.skip(4)
    for (let i = 0; i < count; i++) this.#tree.forget(request.u64(), request.u64())
  }

  #interrupt(request: Request): void {
    this.#interruptions.interrupt(request.big())
  }

  async #setAttributes(request: Request): Promise<Outcome> {
    const valid = request.u32()
    request.skip(12)
    const sizeBytes = request.u64()
    request.skip(16)
    const modifiedSeconds = request.i64()
    request.skip(12)
    const modifiedNanoseconds = request.u32()
    request.skip(4)
    const mode = request.u32()
    request.skip(4)
    const [uid, gid] = [request.u32(), request.u32()]
    const has = (flag: number): boolean => (valid & flag) !== 0
    const changes: AttributeChanges = {}
    if (has(setAttribute.MODE)) changes.mode = mode & 0o7777
    if (has(setAttribute.UID)) changes.uid = uid
    if (has(setAttribute.GID)) changes.gid = gid
    if (has(setAttribute.SIZE)) changes.sizeBytes = sizeBytes
    if (has(setAttribute.MTIME)) changes.modified = has(setAttribute.MTIME_NOW) ? 'now' : [modifiedSeconds, modifiedNanoseconds]
    if (has(setAttribute.KILL_SUIDGID | setAttribute.UID | setAttribute.GID)) await this.#withoutPrivileges(request.node, changes)
    return attributesAnswer(await this.#tree.setAttributes(request.node, changes))
  }

  /** Whoever changes a program or its owner takes away what it may as that owner. */
  async #withoutPrivileges(node: number, changes: AttributeChanges): Promise<void> {
    const { type, mode: before } = await this.#tree.attributes(node)
    if (type !== 'file') return
    const mode = changes.mode ?? before
    const less = mode & ~SETUID & ~((mode & GROUP_RUNS) === 0 ? 0 : SETGID)
    if (less !== mode) changes.mode = less
  }

  async #symlink(request: Request): Promise<Outcome> {
    const place = this.#place(request)
    const target = request.text()
    return entryAnswer(await this.#tree.makeSymlink(place, { mode: 0o777, ...ownerOf(request), target })).bytes
  }

  async #makeNode(request: Request): Promise<Outcome> {
    const mode = request.u32()
    request.skip(12)
    const kind = mode & KIND_MASK
    if (kind !== REGULAR && kind !== 0) return errno.EPERM
    return entryAnswer(await this.#tree.create(this.#place(request), { mode: mode & 0o7777, ...ownerOf(request) })).bytes
  }

  async #makeDirectory(request: Request): Promise<Outcome> {
    const mode = request.u32()
    request.skip(4)
    return entryAnswer(await this.#tree.makeDirectory(this.#place(request), { mode: mode & 0o7777, ...ownerOf(request) })).bytes
  }

  async #remove(request: Request, type: 'directory' | 'other'): Promise<Outcome> {
    await this.#tree.remove(this.#place(request), type)
    return DONE
  }

  #renameWithFlags(request: Request): Promise<Outcome> | Outcome {
    const parent = request.u64()
    const flags = request.u32()
    request.skip(4)
    return this.#rename(request, parent, flags)
  }

  async #rename(request: Request, parent: number, flags: number): Promise<Outcome> {
    const from = { parent: request.node, name: request.text() }
    const to = { parent, name: checkedName(request.text()) }
    if ((flags & ~(renameFlags.NOREPLACE | renameFlags.EXCHANGE)) !== 0 || flags === 3) return errno.EINVAL
    const how = flags === renameFlags.EXCHANGE ? 'exchange' : flags === renameFlags.NOREPLACE ? 'keep' : 'replace'
    await this.#tree.rename(from, to, how)
    return DONE
  }

  async #open(request: Request): Promise<Outcome> {
    const { node } = request
    const forWriting = (request.u32() & accessModes.MASK) !== accessModes.READ_ONLY
    await this.#tree.open(node, { forWriting })
    return opened(0, openAnswer.KEEP_CACHE)
  }

  async #create(request: Request): Promise<Outcome> {
    request.skip(4)
    const mode = request.u32()
    request.skip(8)
    const node = await this.#tree.create(this.#place(request), { mode: mode & 0o7777, ...ownerOf(request) })
    await this.#tree.open(node.number, { forWriting: true })
    const { bytes } = entryAnswer(node, 16)
    bytes.set(opened(0, openAnswer.KEEP_CACHE), ENTRY_BYTES)
    return bytes
  }

  async #read(request: Request): Promise<Outcome> {
    request.skip(8)
    const offset = request.u64()
    const lengthBytes = request.u32()
    return this.#interruptions.heeded(request.unique, (signal) => this.#tree.read(request.node, offset, lengthBytes, { signal }))
  }

  async #lock(request: Request, waits: boolean): Promise<Outcome> {
    const locks = this.#locks
    if (locks === null) return errno.ENOSYS
    const failure = await this.#interruptions.heeded(request.unique, (signal) => locks.set(request, { waits, signal }))
    return failure === 0 ? DONE : failure
  }

  async #flush(request: Request): Promise<Outcome> {
    if (this.#locks === null) return errno.ENOSYS
    await this.#locks.flush(request)
    return DONE
  }

  async #write(request: Request): Promise<Outcome> {
    request.skip(8)
    const offset = request.u64()
    const sizeBytes = request.u32()
    const flags = request.u32()
    request.skip(WRITE_IN_BYTES - 24)
    await this.#tree.write(request.node, offset, request.rest())
    if ((flags & writeFlags.KILL_SUIDGID) !== 0) {
      const changes: AttributeChanges = {}
      await this.#withoutPrivileges(request.node, changes)
      if (changes.mode !== undefined) await this.#tree.setAttributes(request.node, changes)
    }
    const { bytes, view } = made(8)
    view.setUint32(0, sizeBytes, true)
    return bytes
  }

  async #release(request: Request): Promise<Outcome> {
    await this.#locks?.closed(request)
    this.#tree.close(request.node)
    return DONE
  }

  /** The kernel is gone. */
  end(): void {
    this.#interruptions.all()
    this.#locks?.end()
  }

  async #sync(node: number | null): Promise<Outcome> {
    await this.#tree.sync(node)
    return DONE
  }

  async #allocate(request: Request): Promise<Outcome> {
    request.skip(8)
    const [offset, lengthBytes, mode] = [request.u64(), request.u64(), request.u32()]
    const keepsSize = (mode & allocateModes.KEEP_SIZE) !== 0
    const what = mode & ~allocateModes.KEEP_SIZE
    if (what !== 0 && what !== allocateModes.ZERO_RANGE && !(what === allocateModes.PUNCH_HOLE && keepsSize)) return errno.EOPNOTSUPP
    if (what !== 0) await this.#tree.clear(request.node, offset, lengthBytes)
    const { sizeBytes } = await this.#tree.attributes(request.node)
    if (!keepsSize && offset + lengthBytes > sizeBytes) await this.#tree.setAttributes(request.node, { sizeBytes: offset + lengthBytes })
    return DONE
  }

  async #openDirectory({ node }: Request): Promise<Outcome> {
    const { handle, isTold } = await this.#tree.openDirectory(node)
    return opened(handle, isTold ? openAnswer.CACHE_DIR | openAnswer.KEEP_CACHE : 0)
  }

  async #list(request: Request, isPlus: boolean): Promise<Outcome> {
    const [handle, cookie, sizeBytes] = [request.u64(), request.u64(), request.u32()]
    const page = new DirectoryPage(sizeBytes)
    for (let dot = cookie + 1; dot <= DOTS; dot++) page.add({ name: '.'.repeat(dot), type: 'directory', cookie: dot }, null, isPlus)
    for (let after = Math.max(0, cookie - DOTS); ; ) {
      const names = await this.#tree.list(handle, after, LIST_AT_ONCE)
      for (const listed of names) {
        if (!page.hasRoom(listed.name, isPlus)) return page.bytes
        const node = isPlus ? await this.#tree.lookup({ parent: request.node, name: listed.name }).catch(() => null) : null
        page.add({ ...listed, cookie: listed.cookie + DOTS }, node, isPlus)
        after = listed.cookie
      }
      if (names.length < LIST_AT_ONCE) return page.bytes
    }
  }

  #releaseDirectory(request: Request): Outcome {
    this.#tree.closeDirectory(request.u64())
    return DONE
  }

  // extended attributes

  async #getExtended(request: Request): Promise<Outcome> {
    const room = request.u32()
    request.skip(4)
    const name = request.text()
    if (isAccessList(name)) return errno.EOPNOTSUPP
    const value = (await this.#tree.extendedAttributes(request.node))[name]
    return value === undefined ? ENODATA : fitting(value, room)
  }

  async #setExtended(request: Request): Promise<Outcome> {
    const [sizeBytes, flags] = [request.u32(), request.u32()]
    const name = request.text()
    if (isAccessList(name)) return errno.EOPNOTSUPP
    const value = request.bytes(sizeBytes)
    const isThere = (await this.#tree.extendedAttributes(request.node))[name] !== undefined
    if ((flags & XATTR_CREATE) !== 0 && isThere) return errno.EEXIST
    if ((flags & XATTR_REPLACE) !== 0 && !isThere) return ENODATA
    await this.#tree.setExtendedAttribute(request.node, name, value)
    return DONE
  }

  async #listExtended(request: Request): Promise<Outcome> {
    const room = request.u32()
    const names = Object.keys(await this.#tree.extendedAttributes(request.node)).filter((name) => name.includes('.'))
    return fitting(utf8(names.map((name) => `${name}\0`).join('')), room)
  }

  async #removeExtended(request: Request): Promise<Outcome> {
    const name = request.text()
    if (isAccessList(name)) return errno.EOPNOTSUPP
    if ((await this.#tree.extendedAttributes(request.node))[name] === undefined) return ENODATA
    await this.#tree.setExtendedAttribute(request.node, name, null)
    return DONE
  }
}

function ownerOf({ uid, gid }: Request): Pick<NodeAttributes, 'uid' | 'gid'> {
  return { uid, gid }
}

/** @throws HoltError NAME_INVALID */
function checkedName(name: string): string {
  if (utf8(name).length > MAX_NAME_BYTES) throw new HoltError('NAME_INVALID', 'the name is too long', { tooLong: true })
  return name
}

/** Of a node, or of what was opened; 0 when there is none. */
function firstNumberOf(outcome: Outcome): number {
  if (typeof outcome === 'number') return 0
  return Number(new DataView(outcome.buffer, outcome.byteOffset).getBigUint64(0, true))
}

/** Access is by owner, group and others. */
function isAccessList(name: string): boolean {
  return name.startsWith('system.')
}

/** Without room only the size is asked for. */
function fitting(value: Uint8Array, room: number): Outcome {
  if (room === 0) {
    const { bytes, view } = made(8)
    view.setUint32(0, value.length, true)
    return bytes
  }
  return value.length > room ? errno.ERANGE : value
}
