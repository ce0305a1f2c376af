/**
 * Strict UTF-8 without a fatal TextDecoder, which Node without ICU lacks.
 */

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true })
const REPLACEMENT = '\ufffd'
/** Up to here a loop beats the call into TextDecoder. */
const SHORT_TEXT_BYTES = 32

/** @returns null when the bytes are not well-formed UTF-8 (overlong forms and surrogates are not). */
export function readUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string | null {
  if (end - start <= SHORT_TEXT_BYTES) {
    const text = readShortAscii(bytes, start, end)
    if (text !== null) return text
  }
  const part = bytes.subarray(start, end)
  const text = textDecoder.decode(part)
  if (text.includes(REPLACEMENT) && !isUtf8(part)) return null
  return text
}

/** True when `text` has no half of a surrogate pair alone, so that UTF-8 can carry it. */
export function isWellFormedText(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text)
}

function readShortAscii(bytes: Uint8Array, start: number, end: number): string | null {
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number
    if (byte > 0x7f) return null
    text += String.fromCharCode(byte)
  }
  return text
}

function isUtf8(bytes: Uint8Array): boolean {
  let i = 0
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i)
    if (length === 0) return false
    i += length
  }
  return true
}

/** Length of the well-formed sequence at `i`, 0 when there is none. Source: Unicode 15, table 3-7. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i] as number
  if (first <= 0x7f) return 1
  const second = bytes[i + 1] ?? 0
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return second >= low && second <= high && isTail(bytes[i + 2]) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    return second >= low && second <= high && isTail(bytes[i + 2]) && isTail(bytes[i + 3]) ? 4 : 0
  }
  return 0
}

function isTail(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf
}
