import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import { signForProgram, verifyForProgram } from '@holt/core/program-signature.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { optional, text } from '@holt/core/shape.ts'
import { fieldOf, pack, type Parcel } from '@holt/sandbox/parcel.ts'

export interface SigningContext {
  crypto: Crypto
  /** The program's id. */
  program: Uint8Array
  /** Its own, of this owner. */
  key: KeyPair
}

const SIGNATURE_BYTES = 64
const MAX_MESSAGE_BYTES = 1 << 20
const keyText = text({ maxBytes: 64 })
const programText = text({ maxBytes: 32 })

/** What a program may do with its key. There is no other that it could name: who asks for one is refused, not answered by its own. */
export function useSigning({ crypto, program, key }: SigningContext, { what, parcel }: { what: string; parcel: Parcel }): Uint8Array {
  const ofProgram = fieldOf(parcel, 'program', optional(programText))
  const ofKey = fieldOf(parcel, 'key', optional(keyText))
  switch (what) {
    case 'key':
      return pack({ key: principalToText(key.publicKey), program: toHex(program) })
    case 'sign': {
      const isOwn =
        (ofProgram ?? toHex(program)) === toHex(program) && (ofKey ?? principalToText(key.publicKey)) === principalToText(key.publicKey)
      if (!isOwn) throw new HoltError('NOT_AUTHORIZED', 'a program signs with its own key, as itself')
      return pack({}, signForProgram(crypto, { program, message: bounded(parcel.body) }, key))
    }
    case 'verify': {
      const signer = ofProgram === undefined ? program : programIn(ofProgram)
      const publicKey = ofKey === undefined ? key.publicKey : keyIn(ofKey)
      const [signature, message] = [parcel.body.subarray(0, SIGNATURE_BYTES), bounded(parcel.body.subarray(SIGNATURE_BYTES))]
      const valid = signature.length === SIGNATURE_BYTES && verifyForProgram(crypto, { program: signer, message, signature }, publicKey)
      return pack({ valid, own: equalBytes(publicKey, key.publicKey) })
    }
    default:
      throw new HoltError('NOT_AUTHORIZED', `signing has nothing called '${what.slice(0, 32)}'`)
  }
}

function bounded(message: Uint8Array): Uint8Array {
  if (message.length <= MAX_MESSAGE_BYTES) return message
  throw new HoltError('TOO_LARGE', `at most ${MAX_MESSAGE_BYTES} bytes are signed: sign a hash of more`, { limit: MAX_MESSAGE_BYTES })
}

function programIn(typed: string): Uint8Array {
  const program = fromHex(typed)
  if (program?.length === 16) return program
  throw new HoltError('INPUT_INVALID', 'the program is no id', { field: 'program' })
}

function keyIn(typed: string): Uint8Array {
  try {
    return principalFromText(typed)
  } catch (cause) {
    throw new HoltError('INPUT_INVALID', 'the key is none', { field: 'key' }, { cause })
  }
}
