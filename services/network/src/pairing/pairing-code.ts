import { blake3 } from '@holt/core/blake3.ts'
import { concatBytes, utf8 } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'

/**
 * What one person reads and another types: `K7M2-9XPQ`. The first two signs tell which node of those nearby is meant and are no secret;
 * the other six are. That is enough against guessing, because a code ends after three wrong tries.
 */
export interface PairingCode {
  locator: string
  /** All eight signs. */
  text: string
}

/** Crockford's: no I, L, O, U, which look like others or spell words. */
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LOCATOR_SIGNS = 2
const SECRET_SIGNS = 6
const CODE = new RegExp(`^[${SIGNS}]{${LOCATOR_SIGNS + SECRET_SIGNS}}$`)
const DOMAIN = utf8('holt/pairing-locator/1')

export function newPairingCode(crypto: Crypto, node: Principal): PairingCode {
  const locator = locatorOf(node)
  return { locator, text: locator + signsOf(crypto.randomBytes(SECRET_SIGNS)) }
}

export function locatorOf(node: Principal): string {
  return signsOf(blake3(concatBytes([DOMAIN, node])).subarray(0, LOCATOR_SIGNS))
}

/** Five bits of each byte. */
function signsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => SIGNS[byte & 31]).join('')
}

export function showPairingCode({ text }: PairingCode): string {
  return `${text.slice(0, 4)}-${text.slice(4)}`
}

/** As a person types it: in any case, with or without spaces and dashes, O for 0 and I for 1. @throws HoltError PAIRING_FAILED */
export function readPairingCode(typed: string): PairingCode {
  const text = typed.length > 64 ? '' : typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  if (!CODE.test(text)) throw new HoltError('PAIRING_FAILED', 'a code is eight letters and digits, such as K7M2-9XPQ')
  return { locator: text.slice(0, LOCATOR_SIGNS), text }
}
