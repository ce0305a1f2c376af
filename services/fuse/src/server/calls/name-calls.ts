import { constants } from 'node:os'
import { utf8 } from '@holt/core/bytes.ts'
import { entryAnswer } from '../../protocol/answers.ts'
import { opcodes, renameFlags } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import { type CallContext, type Calls, checkedName, DONE, ownerOf, type Outcome, placeOf } from './calls.ts'

const { errno } = constants
const KIND_MASK = 0o170000
const REGULAR = 0o100000

/** What has which name: looked up, made, removed, moved. */
export function nameCalls({ tree }: CallContext): Calls {
  async function symlink(request: Request): Promise<Outcome> {
    const place = placeOf(request)
    const target = request.text()
    return entryAnswer(await tree.makeSymlink(place, { mode: 0o777, ...ownerOf(request), target })).bytes
  }

  async function makeNode(request: Request): Promise<Outcome> {
    const mode = request.u32()
    request.skip(12)
    const kind = mode & KIND_MASK
    if (kind !== REGULAR && kind !== 0) return errno.EPERM
    return entryAnswer(await tree.create(placeOf(request), { mode: mode & 0o7777, ...ownerOf(request) })).bytes
  }

  async function makeDirectory(request: Request): Promise<Outcome> {
    const mode = request.u32()
    request.skip(4)
    return entryAnswer(await tree.makeDirectory(placeOf(request), { mode: mode & 0o7777, ...ownerOf(request) })).bytes
  }

  async function remove(request: Request, type: 'directory' | 'other'): Promise<Outcome> {
    await tree.remove(placeOf(request), type)
    return DONE
  }

  async function rename(request: Request, parent: number, flags: number): Promise<Outcome> {
    const from = { parent: request.node, name: request.text() }
    const to = { parent, name: checkedName(request.text()) }
    if ((flags & ~(renameFlags.NOREPLACE | renameFlags.EXCHANGE)) !== 0 || flags === 3) return errno.EINVAL
    const how = flags === renameFlags.EXCHANGE ? 'exchange' : flags === renameFlags.NOREPLACE ? 'keep' : 'replace'
    await tree.rename(from, to, how)
    return DONE
  }

  function renameWithFlags(request: Request): Promise<Outcome> {
    const parent = request.u64()
    const flags = request.u32()
    request.skip(4)
    return rename(request, parent, flags)
  }

  return [
    [opcodes.LOOKUP, async (request) => entryAnswer(await tree.lookup(placeOf(request))).bytes],
    [opcodes.READLINK, async ({ node }) => utf8(await tree.readSymlink(node))],
    [opcodes.SYMLINK, symlink],
    [opcodes.MKNOD, makeNode],
    [opcodes.MKDIR, makeDirectory],
    [opcodes.UNLINK, (request) => remove(request, 'other')],
    [opcodes.RMDIR, (request) => remove(request, 'directory')],
    [opcodes.RENAME, (request) => rename(request, request.u64(), 0)],
    [opcodes.RENAME2, renameWithFlags],
    // an entry has one place: it holds the key of what it names
    [opcodes.LINK, () => errno.EPERM],
  ]
}
