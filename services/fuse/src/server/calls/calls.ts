import { utf8 } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { DirectoryPlace, NodeAttributes, OpenMount } from '@holt/control/mounted-tree.ts'
import type { Request } from '../../protocol/request.ts'
import type { Interruptions } from '../interruptions.ts'
import type { SessionLocks } from '../locks/session-locks.ts'

/** An answer's body, or the number of what went wrong. */
export type Outcome = Uint8Array | number
export type Handler = (request: Request) => Promise<Outcome> | Outcome
/** By the number of the call. */
export type Calls = readonly (readonly [opcode: number, handler: Handler])[]

/** What calls of one kernel stand on. */
export interface CallContext {
  tree: OpenMount
  interruptions: Interruptions
  /** null: the kernel has them to itself. */
  locks(): SessionLocks | null
}

export const DONE = new Uint8Array(0)
const MAX_NAME_BYTES = 255

/** @throws HoltError NAME_INVALID */
export function placeOf(request: Request): DirectoryPlace {
  return { parent: request.node, name: checkedName(request.text()) }
}

/** @throws HoltError NAME_INVALID */
export function checkedName(name: string): string {
  if (utf8(name).length > MAX_NAME_BYTES) throw new HoltError('NAME_INVALID', 'the name is too long', { tooLong: true })
  return name
}

/** Of what the request makes. */
export function ownerOf({ uid, gid }: Request): Pick<NodeAttributes, 'uid' | 'gid'> {
  return { uid, gid }
}
