import { concatBytes, utf8 } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import type { KeyPair } from './root-key.ts'

/**
 * What a program signs with its own key. The key signs nothing else, and what it signs begins with a word of its own and with the program: so it is
 * never a signature of anything that Holt itself signs, nor one of another program, whatever the message is.
 */
function signedBytes(program: Uint8Array, message: Uint8Array): Uint8Array {
  return concatBytes([utf8('holt/program-signature/1'), new Uint8Array(1), program, message])
}

export function signForProgram(
  crypto: Crypto,
  { program, message }: { program: Uint8Array; message: Uint8Array },
  { seed }: KeyPair,
): Uint8Array {
  return crypto.sign(seed, signedBytes(program, message))
}

/** Whether a program with this id, of the owner whose key for it this is, signed that. */
export function verifyForProgram(
  crypto: Crypto,
  { program, message, signature }: { program: Uint8Array; message: Uint8Array; signature: Uint8Array },
  publicKey: Uint8Array,
): boolean {
  return crypto.verify(publicKey, signedBytes(program, message), signature)
}
