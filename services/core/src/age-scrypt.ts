import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { Identity, Stanza } from 'age-encryption'
import { base64 } from 'multiformats/bases/base64'
import { concatBytes, utf8 } from './bytes.ts'
import type { Crypto } from './crypto.ts'

/**
 * The scrypt recipient of age v1, over `Crypto`: the library's own runs scrypt on the calling thread at once.
 *
 * Source: C2SP, "The age file encryption format", scrypt recipient stanza.
 */
const LABEL = utf8('age-encryption.org/v1/scrypt')
const SALT_BYTES = 16
const NONCE = new Uint8Array(12)
/** 1 GiB of memory; a file must not be able to ask for more. */
const MAX_COST_LOG2 = 20

/** The two lines of the stanza. */
export async function scryptStanza(
  crypto: Crypto,
  fileKey: Uint8Array,
  options: { passphrase: string; costLog2: number },
): Promise<string> {
  const salt = crypto.randomBytes(SALT_BYTES)
  const key = await wrappingKey(crypto, salt, options)
  const body = chacha20poly1305(key, NONCE).encrypt(fileKey)
  return `-> scrypt ${base64.baseEncode(salt)} ${options.costLog2}\n${base64.baseEncode(body)}\n`
}

/** Opens a passphrase-protected file; afterwards `refused` tells whether the passphrase was the reason that it did not. */
export class ScryptIdentity implements Identity {
  refused = false
  readonly #crypto: Crypto
  readonly #passphrase: string

  constructor(crypto: Crypto, passphrase: string) {
    this.#crypto = crypto
    this.#passphrase = passphrase
  }

  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const [stanza] = stanzas
    const [kind, salt, cost] = stanza?.args ?? []
    if (stanza === undefined || stanzas.length !== 1 || kind !== 'scrypt' || salt === undefined || cost === undefined) {
      throw new Error('not protected by one passphrase')
    }
    if (!/^[1-9][0-9]?$/.test(cost) || Number(cost) > MAX_COST_LOG2) throw new Error(`scrypt cost ${cost}`)
    const saltBytes = base64.baseDecode(salt)
    if (saltBytes.length !== SALT_BYTES || stanza.body.length !== 32) throw new Error('bad scrypt stanza')
    const key = await wrappingKey(this.#crypto, saltBytes, { passphrase: this.#passphrase, costLog2: Number(cost) })
    try {
      return chacha20poly1305(key, NONCE).decrypt(stanza.body)
    } catch {
      this.refused = true
      return null
    }
  }
}

function wrappingKey(
  crypto: Crypto,
  salt: Uint8Array,
  { passphrase, costLog2 }: { passphrase: string; costLog2: number },
): Promise<Uint8Array> {
  return crypto.scrypt(utf8(passphrase), concatBytes([LABEL, salt]), { costLog2, lengthBytes: 32 })
}
