import { HoltError } from '@holt/core/errors.ts'

/** What fits into the arguments of one call; more goes as a stream. */
const MOST_BYTES = 65536

/** @throws HoltError INPUT_INVALID, which names the field. */
export function bytesOfBase64(text: string, field: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (error) {
    throw new HoltError('INPUT_INVALID', 'not base64', { field }, { cause: error })
  }
}

/** Of something small. @throws HoltError TOO_LARGE. */
export function base64Of(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) throw new HoltError('TOO_LARGE', 'this is too much for one answer', { limit: MOST_BYTES })
  return btoa(String.fromCharCode(...bytes))
}
