import { utf8 } from '@holt/core/bytes.ts'
import type { NodeAttributes } from '@holt/control/mounted-tree.ts'
import { ATTR_BYTES, ENTRY_BYTES, fileKinds, MAJOR, MAX_TRANSFER_BYTES, MINOR, notifications, OUT_HEADER_BYTES } from './numbers.ts'

/** What is sent to the kernel. */

/** It is told when something changes. */
const VALID_SECONDS = 3600n

function validSeconds({ isUntold = false }: NodeAttributes): bigint {
  return isUntold ? 0n : VALID_SECONDS
}

const BLOCK_BYTES = 4096

/** A piece more costs more than copying this much. */
const MOST_COPIED_BYTES = 8 << 10

/** @param errno 0 when it went well. @returns it in parts, small ones in one piece. */
export function answer(unique: bigint, errno: number, body: Uint8Array = NOTHING): Uint8Array[] {
  const isCopied = body.length <= MOST_COPIED_BYTES
  const { bytes, view } = made(OUT_HEADER_BYTES + (isCopied ? body.length : 0))
  view.setUint32(0, OUT_HEADER_BYTES + body.length, true)
  view.setInt32(4, -errno, true)
  view.setBigUint64(8, unique, true)
  if (!isCopied) return [bytes, body]
  bytes.set(body, OUT_HEADER_BYTES)
  return [bytes]
}

const NOTHING = new Uint8Array(0)

function notification(code: number, body: Uint8Array): Uint8Array[] {
  return answer(0n, -code, body)
}

export function changedNotice(node: number): Uint8Array[] {
  const { bytes, view } = made(24)
  view.setBigUint64(0, BigInt(node), true)
  return notification(notifications.INVAL_INODE, bytes)
}

export function renamedNotice(parent: number, name: string): Uint8Array[] {
  const text = utf8(name)
  const { bytes, view } = made(16 + text.length + 1)
  view.setBigUint64(0, BigInt(parent), true)
  view.setUint32(8, text.length, true)
  bytes.set(text, 16)
  return notification(notifications.INVAL_ENTRY, bytes)
}

export function made(size: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(size)
  return { bytes, view: new DataView(bytes.buffer) }
}

export function initAnswer({ readAheadBytes, flags }: { readAheadBytes: number; flags: number }): Uint8Array {
  const { bytes, view } = made(64)
  view.setUint32(0, MAJOR, true)
  view.setUint32(4, MINOR, true)
  view.setUint32(8, readAheadBytes, true)
  view.setUint32(12, flags, true)
  view.setUint16(16, 64, true) // requests in the background
  view.setUint16(18, 48, true) // and from when on others wait
  view.setUint32(20, MAX_TRANSFER_BYTES, true)
  view.setUint32(24, 1, true) // times to the nanosecond
  view.setUint16(28, MAX_TRANSFER_BYTES / BLOCK_BYTES, true)
  return bytes
}

/** What programs see; the kernel itself goes by `number`. */
export function shownNumber({ number, lasting }: NodeAttributes): bigint {
  return BigInt(lasting ?? number)
}

export function putAttributes(view: DataView, at: number, node: NodeAttributes): void {
  const { type, sizeBytes, mode, uid, gid, modified, changed, isRemoved = false } = node
  view.setBigUint64(at, shownNumber(node), true)
  view.setBigUint64(at + 8, BigInt(sizeBytes), true)
  view.setBigUint64(at + 16, BigInt(Math.ceil(sizeBytes / 512)), true)
  view.setBigInt64(at + 24, BigInt(modified[0]), true)
  view.setBigInt64(at + 32, BigInt(modified[0]), true)
  view.setBigInt64(at + 40, BigInt(changed[0]), true)
  view.setUint32(at + 48, modified[1], true)
  view.setUint32(at + 52, modified[1], true)
  view.setUint32(at + 56, changed[1], true)
  view.setUint32(at + 60, fileKinds[type] | mode, true)
  view.setUint32(at + 64, isRemoved ? 0 : type === 'directory' ? 2 : 1, true)
  view.setUint32(at + 68, uid, true)
  view.setUint32(at + 72, gid, true)
  view.setUint32(at + 80, BLOCK_BYTES, true)
}

export function attributesAnswer(node: NodeAttributes): Uint8Array {
  const { bytes, view } = made(16 + ATTR_BYTES)
  view.setBigUint64(0, validSeconds(node), true)
  putAttributes(view, 16, node)
  return bytes
}

export function putEntry(view: DataView, at: number, node: NodeAttributes): void {
  view.setBigUint64(at, BigInt(node.number), true)
  view.setBigUint64(at + 16, validSeconds(node), true)
  view.setBigUint64(at + 24, validSeconds(node), true)
  putAttributes(view, at + 40, node)
}

/** null: nothing has this name, which may be remembered. */
export function entryAnswer(node: NodeAttributes | null, extraBytes = 0): { bytes: Uint8Array; view: DataView } {
  const answer = made(ENTRY_BYTES + extraBytes)
  if (node === null) answer.view.setBigUint64(16, VALID_SECONDS, true)
  else putEntry(answer.view, 0, node)
  return answer
}

export function openAnswer(handle: number, flags: number): Uint8Array {
  const { bytes, view } = made(16)
  view.setBigUint64(0, BigInt(handle), true)
  view.setUint32(8, flags, true)
  return bytes
}

export function spaceAnswer({ totalBytes, freeBytes }: { totalBytes: number; freeBytes: number }): Uint8Array {
  const { bytes, view } = made(80)
  const free = BigInt(Math.floor(freeBytes / BLOCK_BYTES))
  view.setBigUint64(0, BigInt(Math.floor(totalBytes / BLOCK_BYTES)), true)
  view.setBigUint64(8, free, true)
  view.setBigUint64(16, free, true)
  // there is no number of files that it could have
  view.setBigUint64(24, 1n << 40n, true)
  view.setBigUint64(32, 1n << 40n, true)
  view.setUint32(40, BLOCK_BYTES, true)
  view.setUint32(44, 255, true)
  view.setUint32(48, BLOCK_BYTES, true)
  return bytes
}
