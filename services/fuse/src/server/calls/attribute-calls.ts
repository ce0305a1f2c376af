import type { AttributeChanges, OpenMount } from '@holt/control/mounted-tree.ts'
import { attributesAnswer, spaceAnswer } from '../../protocol/answers.ts'
import { opcodes, setAttribute } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import type { CallContext, Calls, Outcome } from './calls.ts'

const SETUID = 0o4000
const SETGID = 0o2000
const GROUP_RUNS = 0o0010

/** Modes, owners, sizes and times, and how full the drives are. */
export function attributeCalls({ tree }: CallContext): Calls {
  async function setAttributes(request: Request): Promise<Outcome> {
    const changes = changesIn(request)
    if (changes.isOwners) await withoutPrivileges(tree, request.node, changes.wanted)
    return attributesAnswer(await tree.setAttributes(request.node, changes.wanted))
  }

  return [
    [opcodes.GETATTR, async ({ node }) => attributesAnswer(await tree.attributes(node))],
    [opcodes.SETATTR, setAttributes],
    [opcodes.STATFS, async () => spaceAnswer(await tree.space())],
  ]
}

/** @returns `isOwners` when what a file may as its owner goes with it. */
function changesIn(request: Request): { wanted: AttributeChanges; isOwners: boolean } {
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
  const wanted: AttributeChanges = {}
  if (has(setAttribute.MODE)) wanted.mode = mode & 0o7777
  if (has(setAttribute.UID)) wanted.uid = uid
  if (has(setAttribute.GID)) wanted.gid = gid
  if (has(setAttribute.SIZE)) wanted.sizeBytes = sizeBytes
  if (has(setAttribute.MTIME)) wanted.modified = has(setAttribute.MTIME_NOW) ? 'now' : [modifiedSeconds, modifiedNanoseconds]
  return { wanted, isOwners: has(setAttribute.KILL_SUIDGID | setAttribute.UID | setAttribute.GID) }
}

/** Whoever changes a program or its owner takes away what it may as that owner. */
export async function withoutPrivileges(tree: OpenMount, node: number, changes: AttributeChanges): Promise<void> {
  const { type, mode: before } = await tree.attributes(node)
  if (type !== 'file') return
  const mode = changes.mode ?? before
  const less = mode & ~SETUID & ~((mode & GROUP_RUNS) === 0 ? 0 : SETGID)
  if (less !== mode) changes.mode = less
}
