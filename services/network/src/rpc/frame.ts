import { concatBytes } from '@holt/core/bytes.ts'
import { decode, encodeInParts } from '@holt/core/codec.ts'
import { HoltError } from '@holt/core/errors.ts'
import { literal, oneOf, record, type Shape, type ShapeOf, text, uint, version } from '@holt/core/shape.ts'
import { MAX_MESSAGE_BYTES, wireErrorData } from './wire-error.ts'

/** What goes over a stream, each with its length before it: docs/formats.md §6. */

/** No request waits longer for its answer. */
export const MAX_WITHIN_MS = 10 * 60_000
export const LENGTH_BYTES = 4
const MAX_ITEMS = 1 << 16

const anything: Shape<unknown> = { check: (value) => value }
const id = uint({ min: 1 })
const failure = { code: text({ maxBytes: 64 }), message: text({ maxBytes: MAX_MESSAGE_BYTES }), data: wireErrorData }

const frameShape = oneOf('kind', {
  request: record({
    v: version(1),
    kind: literal('request'),
    id,
    method: text({ maxBytes: 64 }),
    within: uint({ min: 1, max: MAX_WITHIN_MS }),
    body: anything,
  }),
  cancel: record({ v: version(1), kind: literal('cancel'), id }),
  answer: record({ v: version(1), kind: literal('answer'), id, body: anything }),
  error: record({ v: version(1), kind: literal('error'), id, ...failure }),
  end: record({ v: version(1), kind: literal('end'), ...failure }),
})

export type Frame = ShapeOf<typeof frameShape>
export type FrameOf<Kind extends Frame['kind']> = Extract<Frame, { kind: Kind }>
/** A frame as it is sent: the version is added. */
export type FrameOut = { [Kind in Frame['kind']]: Omit<FrameOf<Kind>, 'v'> }[Frame['kind']]

/**
 * @returns length and frame, in parts of which long byte strings are some as they are.
 * @throws HoltError TOO_LARGE; TypeError for what DAG-CBOR cannot carry: our own bug.
 */
export function frameParts(frame: FrameOut, maxFrameBytes: number): Uint8Array[] {
  const parts = encodeInParts({ v: 1, ...frame }, { before: LENGTH_BYTES })
  const length = parts.reduce((sum, part) => sum + part.length, -LENGTH_BYTES)
  if (length > maxFrameBytes) throw new HoltError('TOO_LARGE', `a message of ${length} bytes, ${maxFrameBytes} are allowed`)
  const [first] = parts as [Uint8Array]
  new DataView(first.buffer, first.byteOffset).setUint32(0, length)
  return parts
}

/** As `frameParts`, in one. */
export function encodeFrame(frame: FrameOut, maxFrameBytes: number): Uint8Array {
  return concatBytes(frameParts(frame, maxFrameBytes))
}

/** @param bytes one frame without its length; byte strings in the result are views of it. @throws HoltError MALFORMED, UNSUPPORTED_VERSION */
export function decodeFrame(bytes: Uint8Array): Frame {
  const value = decode(bytes, { maxBytes: bytes.length, maxItems: MAX_ITEMS })
  // another version may have other kinds
  version(1).check(typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined, 'v')
  return frameShape.check(value, '')
}
