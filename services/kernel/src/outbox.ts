import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { bytes, bytesOf, literal, parse, record, uint, version } from '@holt/core/shape.ts'
import type { Desk } from './desk.ts'

/** Whose program a message goes to, or comes from: an owner's principal, and the program's id. */
export interface Correspondent {
  owner: Uint8Array
  program: Uint8Array
}

/** A message that has not arrived yet, as it lies on the desk under `out/OWNER/PROGRAM/NUMBER`; docs/formats.md §5. */
export interface OutgoingMessage {
  line: Uint8Array
  number: number
  /** Milliseconds since 1970. */
  sent: number
  body: Uint8Array
}

export const MAX_BODY_BYTES = 64 << 10
/** Not arrived yet, to one program and to all. */
export const MOST_OUT_TO_ONE = 64
export const MOST_OUT = 256
/** To so many programs a line is remembered. */
const MOST_LINES = 1024
const LINE_BYTES = 16

const messageShape = record({
  v: version(1),
  kind: literal('message-out'),
  line: bytesOf(LINE_BYTES),
  number: uint({ min: 1 }),
  sent: uint(),
  body: bytes({ max: MAX_BODY_BYTES }),
})
const lineShape = record({ v: version(1), kind: literal('message-line'), line: bytesOf(LINE_BYTES), number: uint() })

/** A line, and the number of its newest message: of those that were sent, under `line/…`, or of those that arrived, under `in/…`. */
export interface MessageLine {
  line: Uint8Array
  number: number
}

export function encodeOutgoing({ line, number, sent, body }: OutgoingMessage): Uint8Array {
  return encode({ v: 1, kind: 'message-out', line, number, sent, body })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeOutgoing(encoded: Uint8Array): OutgoingMessage {
  const { line, number, sent, body } = parse(messageShape, encoded)
  return { line, number, sent, body }
}

export function encodeMessageLine({ line, number }: MessageLine): Uint8Array {
  return encode({ v: 1, kind: 'message-line', line, number })
}

/** @throws HoltError MALFORMED, UNSUPPORTED_VERSION. */
export function decodeMessageLine(encoded: Uint8Array): MessageLine {
  const { line, number } = parse(lineShape, encoded)
  return { line, number }
}

export function placeOf({ owner, program }: Correspondent): string {
  return `${toHex(owner)}/${toHex(program)}`
}

export function correspondentAt(place: string): Correspondent {
  const [owner = '', program = ''] = place.split('/')
  return { owner: fromHex(owner) as Uint8Array, program: fromHex(program) as Uint8Array }
}

export const OUT = 'out/'
/** The node whose lines they are. */
const HOME = 'home'

/** The place of who gets it. */
export function placeOfOutgoing(key: string): string {
  return key.slice(OUT.length, key.lastIndexOf('/'))
}

function keyOf(place: string, number: number): string {
  return `${OUT}${place}/${String(number).padStart(16, '0')}`
}

/**
 * Puts a message onto the desk; it goes when what the delivery changed is kept.
 *
 * @throws HoltError LIMIT_REACHED when too many have not arrived yet.
 */
export function putOutgoing(
  desk: Desk,
  to: Correspondent,
  { body, now, randomBytes, node }: { body: Uint8Array; now: number; randomBytes(size: number): Uint8Array; node: Uint8Array },
): void {
  const place = placeOf(to)
  if (desk.keys(`${OUT}${place}/`).length >= MOST_OUT_TO_ONE || desk.keys(OUT).length >= MOST_OUT)
    throw new HoltError('LIMIT_REACHED', 'too many messages have not arrived yet', { limit: 'messages' })
  const known = desk.get(`line/${place}`)
  if (known === null && desk.keys('line/').length >= MOST_LINES)
    throw new HoltError('LIMIT_REACHED', `messages went to ${MOST_LINES} programs already`, { limit: 'correspondents' })
  const { line, number } = known === null ? { line: randomBytes(LINE_BYTES), number: 0 } : decodeMessageLine(known)
  if (desk.get(HOME) === null) desk.set(HOME, node)
  desk.set(keyOf(place, number + 1), encodeOutgoing({ line, number: number + 1, sent: now, body }))
  desk.set(`line/${place}`, encodeMessageLine({ line, number: number + 1 }))
}

/**
 * Where this program did not send before, what is there of it may be an older state that was brought back: numbers of its lines would come again for
 * other messages, which were taken for repetitions. So its lines begin anew.
 */
export function settleIn(desk: Desk, { randomBytes, node }: { randomBytes(size: number): Uint8Array; node: Uint8Array }): void {
  const home = desk.get(HOME)
  if (home === null || equalBytes(home, node)) return
  desk.set(HOME, node)
  for (const key of desk.keys('line/')) {
    const place = key.slice('line/'.length)
    const line = randomBytes(LINE_BYTES)
    let number = 0
    for (const out of desk.keys(`${OUT}${place}/`)) {
      const message = decodeOutgoing(desk.get(out) as Uint8Array)
      desk.delete(out)
      number++
      desk.set(keyOf(place, number), encodeOutgoing({ ...message, line, number }))
    }
    desk.set(key, encodeMessageLine({ line, number }))
  }
}

const MOST_SENDERS = 1024
/** Programs of one owner: another owner's must find room, too. */
const MOST_SENDERS_OF_ONE = 16

/**
 * A message has come.
 *
 * @returns false for one that came before.
 * @throws HoltError TOO_MANY_TRIES when too many programs have sent something.
 */
export function takeArrived(desk: Desk, from: Correspondent, { line, number }: MessageLine): boolean {
  const key = `in/${placeOf(from)}`
  const known = desk.get(key)
  const last = known === null ? null : decodeMessageLine(known)
  if (last !== null && equalBytes(last.line, line) && number <= last.number) return false
  const ofOwner = desk.keys(`in/${toHex(from.owner)}/`).length
  if (last === null && (ofOwner >= MOST_SENDERS_OF_ONE || desk.keys('in/').length >= MOST_SENDERS))
    throw new HoltError('TOO_MANY_TRIES', 'too many programs have sent messages to this one')
  desk.set(key, encodeMessageLine({ line, number }))
  return true
}
