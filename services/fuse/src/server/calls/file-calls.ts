import { constants as fs } from 'node:fs'
import { constants } from 'node:os'
import { isHoltError } from '@holt/core/errors.ts'
import type { AttributeChanges, NodeAttributes } from '@holt/control/mounted-tree.ts'
import { entryAnswer, made, openAnswer as opened } from '../../protocol/answers.ts'
import {
  accessModes,
  allocateModes,
  ENTRY_BYTES,
  MAX_TRANSFER_BYTES,
  opcodes,
  openAnswer,
  WRITE_IN_BYTES,
  writeFlags,
} from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import { withoutPrivileges } from './attribute-calls.ts'
import { type CallContext, type Calls, DONE, ownerOf, type Outcome, placeOf } from './calls.ts'

const { errno } = constants

/** What is in files, from opening to closing. */
export function fileCalls({ tree, interruptions, locks }: CallContext): Calls {
  async function open(request: Request): Promise<Outcome> {
    const { node } = request
    const forWriting = (request.u32() & accessModes.MASK) !== accessModes.READ_ONLY
    await tree.open(node, { forWriting })
    return opened(0, openAnswer.KEEP_CACHE)
  }

  async function create(request: Request): Promise<Outcome> {
    const [flags, mode] = [request.u32(), request.u32()]
    request.skip(8)
    let node: NodeAttributes
    try {
      node = await tree.create(placeOf(request), { mode: mode & 0o7777, ...ownerOf(request) })
    } catch (error) {
      // another made it since the kernel asked for the name: asked anew it finds it, and whether it may be opened
      if (isHoltError(error, 'ALREADY_EXISTS') && (flags & fs.O_EXCL) === 0) return errno.ESTALE
      throw error
    }
    await tree.open(node.number, { forWriting: true })
    const { bytes } = entryAnswer(node, 16)
    bytes.set(opened(0, openAnswer.KEEP_CACHE), ENTRY_BYTES)
    return bytes
  }

  async function read(request: Request): Promise<Outcome> {
    request.skip(8)
    const offset = request.u64()
    const lengthBytes = request.u32()
    if (lengthBytes > MAX_TRANSFER_BYTES) return errno.EINVAL
    return interruptions.heeded(request.unique, (signal) => tree.read(request.node, offset, lengthBytes, { signal }))
  }

  async function write(request: Request): Promise<Outcome> {
    request.skip(8)
    const offset = request.u64()
    const sizeBytes = request.u32()
    const flags = request.u32()
    request.skip(WRITE_IN_BYTES - 24)
    const parts = request.rest()
    if (parts.reduce((sum, { length }) => sum + length, 0) !== sizeBytes) return errno.EINVAL
    await tree.write(request.node, offset, parts)
    if ((flags & writeFlags.KILL_SUIDGID) !== 0) {
      const changes: AttributeChanges = {}
      await withoutPrivileges(tree, request.node, changes)
      if (changes.mode !== undefined) await tree.setAttributes(request.node, changes)
    }
    const { bytes, view } = made(8)
    view.setUint32(0, sizeBytes, true)
    return bytes
  }

  async function allocate(request: Request): Promise<Outcome> {
    request.skip(8)
    const [offset, lengthBytes, mode] = [request.u64(), request.u64(), request.u32()]
    const keepsSize = (mode & allocateModes.KEEP_SIZE) !== 0
    const what = mode & ~allocateModes.KEEP_SIZE
    if (what !== 0 && what !== allocateModes.ZERO_RANGE && !(what === allocateModes.PUNCH_HOLE && keepsSize)) return errno.EOPNOTSUPP
    if (what !== 0) await tree.clear(request.node, offset, lengthBytes)
    const { sizeBytes } = await tree.attributes(request.node)
    if (!keepsSize && offset + lengthBytes > sizeBytes) await tree.setAttributes(request.node, { sizeBytes: offset + lengthBytes })
    return DONE
  }

  async function release(request: Request): Promise<Outcome> {
    await locks()?.closed(request)
    tree.close(request.node)
    return DONE
  }

  async function sync(node: number | null): Promise<Outcome> {
    await tree.sync(node)
    return DONE
  }

  return [
    [opcodes.OPEN, open],
    [opcodes.CREATE, create],
    [opcodes.READ, read],
    [opcodes.WRITE, write],
    [opcodes.FALLOCATE, allocate],
    [opcodes.FSYNC, ({ node }) => sync(node)],
    [opcodes.FSYNCDIR, () => sync(null)],
    [opcodes.DESTROY, () => sync(null)],
    [opcodes.RELEASE, release],
  ]
}
