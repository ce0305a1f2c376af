import { constants } from 'node:os'
import { utf8 } from '@holt/core/bytes.ts'
import { made } from '../../protocol/answers.ts'
import { opcodes } from '../../protocol/numbers.ts'
import type { Request } from '../../protocol/request.ts'
import { type CallContext, type Calls, DONE, type Outcome } from './calls.ts'

const { errno } = constants
const ENODATA = 61
const XATTR_CREATE = 1
const XATTR_REPLACE = 2

/** Extended attributes: those with a dot in their name; the others are Holt's own. */
export function extendedAttributeCalls({ tree }: CallContext): Calls {
  async function get(request: Request): Promise<Outcome> {
    const room = request.u32()
    request.skip(4)
    const name = request.text()
    if (isAccessList(name)) return errno.EOPNOTSUPP
    const value = (await tree.extendedAttributes(request.node))[name]
    return value === undefined ? ENODATA : fitting(value, room)
  }

  async function set(request: Request): Promise<Outcome> {
    const [sizeBytes, flags] = [request.u32(), request.u32()]
    const name = request.text()
    if (isAccessList(name)) return errno.EOPNOTSUPP
    const value = request.bytes(sizeBytes)
    const isThere = (await tree.extendedAttributes(request.node))[name] !== undefined
    if ((flags & XATTR_CREATE) !== 0 && isThere) return errno.EEXIST
    if ((flags & XATTR_REPLACE) !== 0 && !isThere) return ENODATA
    await tree.setExtendedAttribute(request.node, name, value)
    return DONE
  }

  async function list(request: Request): Promise<Outcome> {
    const room = request.u32()
    const names = Object.keys(await tree.extendedAttributes(request.node)).filter((name) => name.includes('.'))
    return fitting(utf8(names.map((name) => `${name}\0`).join('')), room)
  }

  async function remove(request: Request): Promise<Outcome> {
    const name = request.text()
    if (isAccessList(name)) return errno.EOPNOTSUPP
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
