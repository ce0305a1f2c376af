import { HoltError } from '@holt/core/errors.ts'

/** As many as fit into the arguments of one call. */
const STEP_BYTES = 8192

/** @throws HoltError INPUT_INVALID, which names the field. */
export function bytesOfBase64(text: string, field: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch (error) {
    throw new HoltError('INPUT_INVALID', 'not base64', { field }, { cause: error })
  }
}

export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += STEP_BYTES) text += String.fromCharCode(...bytes.subarray(i, i + STEP_BYTES))
  return btoa(text)
}
