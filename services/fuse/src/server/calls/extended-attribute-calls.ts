import { constants } from 'node:os'
import { utf8 } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { made } from '../../protocol/answers.ts'
import { opcodes } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import { type CallContext, type Calls, DONE, type Outcome } from './calls.ts'

const { errno } = constants
const ENODATA = 61
/** The kernel asks for any name. */
const KEPT = ['user.', 'trusted.', 'security.'] as const
const XATTR_CREATE = 1
const XATTR_REPLACE = 2

/** Extended attributes, without Holt's own, which have no dot in their names: who owns something is not to be said this way. */
export function extendedAttributeCalls({ tree }: CallContext): Calls {
  async function get(request: Request): Promise<Outcome> {
    const room = request.u32()
    request.skip(4)
    const name = request.text()
    if (!isKept(name)) return errno.EOPNOTSUPP
    const value = (await tree.extendedAttributes(request.node))[name]
    return value === undefined ? ENODATA : fitting(value, room)
  }

  async function set(request: Request): Promise<Outcome> {
    const [sizeBytes, flags] = [request.u32(), request.u32()]
    const name = request.text()
    if (!isKept(name)) return errno.EOPNOTSUPP
    const value = request.bytes(sizeBytes)
    const isThere = (await tree.extendedAttributes(request.node))[name] !== undefined
    if ((flags & XATTR_CREATE) !== 0 && isThere) return errno.EEXIST
    if ((flags & XATTR_REPLACE) !== 0 && !isThere) return ENODATA
    try {
      await tree.setExtendedAttribute(request.node, name, value)
    } catch (error) {
      // as other file systems say that there is no more room for attributes
      if (isHoltError(error, 'TOO_LARGE') || isHoltError(error, 'INPUT_INVALID')) return errno.ENOSPC
      throw error
    }
    return DONE
  }

  async function list(request: Request): Promise<Outcome> {
    const room = request.u32()
    const names = Object.keys(await tree.extendedAttributes(request.node)).filter(isKept)
    return fitting(utf8(names.map((name) => `${name}\0`).join('')), room)
  }

  async function remove(request: Request): Promise<Outcome> {
    const name = request.text()
    if (!isKept(name)) return errno.EOPNOTSUPP
    if ((await tree.extendedAttributes(request.node))[name] === undefined) return ENODATA
    await tree.setExtendedAttribute(request.node, name, null)
    return DONE
  }

  return [
    [opcodes.GETXATTR, get],
    [opcodes.SETXATTR, set],
    [opcodes.LISTXATTR, list],
    [opcodes.REMOVEXATTR, remove],
  ]
}

/** Access is by owner, group and others: there are no lists of it in `system.`. */
function isKept(name: string): boolean {
  return KEPT.some((space) => name.startsWith(space))
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
