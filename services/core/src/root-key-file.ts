import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { armor, Decrypter } from 'age-encryption'
import { base64 } from 'multiformats/bases/base64'
import { ScryptIdentity, scryptStanza } from './age-scrypt.ts'
import { concatBytes, equalBytes, utf8 } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import { HoltError } from './errors.ts'
import { type RootKey, rootKeyFromWords, rootKeyToWords } from './root-key-words.ts'
import { readUtf8 } from './utf8-text.ts'
import { webCrypto } from './web-crypto.ts'

const CONTENT_HEADER = 'holt root key v1\n'
const MAX_FILE_BYTES = 64 << 10
const SHORTEST_PASSPHRASE = 8
/** What `age -p` takes: about a second, and 256 MiB of memory. */
const DEFAULT_COST_LOG2 = 18
const FIRST_AND_LAST_CHUNK = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
const ARMOR = utf8('-----BEGIN')

interface BackUpOptions {
  crypto?: Crypto
  /** log2 of scrypt's N; tests take less. */
  costLog2?: number
}

/**
 * The root key as an age file that `age -d` opens with the passphrase.
 *
 * @throws HoltError PASSPHRASE_TOO_WEAK for fewer than 8 characters.
 */
export async function backUpRootKey(rootKey: RootKey, passphrase: string, options: BackUpOptions = {}): Promise<Uint8Array> {
  if (Array.from(passphrase).length < SHORTEST_PASSPHRASE) {
    throw new HoltError('PASSPHRASE_TOO_WEAK', `a passphrase has at least ${SHORTEST_PASSPHRASE} characters`, {
      atLeast: SHORTEST_PASSPHRASE,
    })
  }
  const { crypto = webCrypto, costLog2 = DEFAULT_COST_LOG2 } = options
  const fileKey = crypto.randomBytes(16)
  const unsigned = utf8(`age-encryption.org/v1\n${await scryptStanza(crypto, fileKey, { passphrase, costLog2 })}---`)
  const headerKey = crypto.hkdf(fileKey, { salt: new Uint8Array(0), info: utf8('header'), lengthBytes: 32 })
  const header = concatBytes([unsigned, utf8(` ${base64.baseEncode(hmac(sha256, headerKey, unsigned))}\n`)])
  const nonce = payloadNonce(header, crypto.randomBytes(8))
  const payloadKey = crypto.hkdf(fileKey, { salt: nonce, info: utf8('payload'), lengthBytes: 32 })
  const content = utf8(`${CONTENT_HEADER}${rootKeyToWords(rootKey)}\n`)
  return concatBytes([header, nonce, chacha20poly1305(payloadKey, FIRST_AND_LAST_CHUNK).encrypt(content)])
}

/**
 * @param file as `backUpRootKey` or `age -p` made it, armored or not.
 * @throws HoltError PASSPHRASE_WRONG; KEY_FILE_DAMAGED for a file that is not whole, or not a root key's;
 * WORDS_INVALID when it opens but the words in it are not a root key's.
 */
export async function openRootKeyFile(
  file: Uint8Array,
  passphrase: string,
  { crypto = webCrypto }: { crypto?: Crypto } = {},
): Promise<RootKey> {
  if (file.length > MAX_FILE_BYTES) throw damaged('it is too long')
  const bytes = removeArmor(file)
  if (isHeaderAltered(bytes)) throw damaged('its header was altered')
  const content = readUtf8(await decrypt(bytes, new ScryptIdentity(crypto, passphrase)))
  if (!content?.startsWith(CONTENT_HEADER)) throw damaged('it does not hold a root key')
  return rootKeyFromWords(content.slice(CONTENT_HEADER.length))
}

function damaged(why: string, cause?: unknown): HoltError {
  return new HoltError('KEY_FILE_DAMAGED', `the root key file cannot be used: ${why}`, {}, { cause })
}

async function decrypt(bytes: Uint8Array, identity: ScryptIdentity): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  try {
    return await decrypter.decrypt(bytes)
  } catch (cause) {
    if (identity.refused) throw new HoltError('PASSPHRASE_WRONG', 'the passphrase does not open the root key file', {}, { cause })
    throw damaged('it is no whole age file under a passphrase', cause)
  }
}

function removeArmor(file: Uint8Array): Uint8Array {
  const start = file.findIndex((byte) => byte > 0x20)
  if (start < 0 || !equalBytes(file.subarray(start, start + ARMOR.length), ARMOR)) return file
  try {
    return armor.decode(readUtf8(file) ?? '')
  } catch (cause) {
    throw damaged('its armor is not whole', cause)
  }
}

/**
 * To age the nonce is 16 random bytes. Ours are 8 random ones, 4 that mark them as ours, and 4 that check the header:
 * age alone cannot tell an altered header from a wrong passphrase. The key is fresh in each file, so 8 are plenty.
 */
function payloadNonce(header: Uint8Array, random: Uint8Array): Uint8Array {
  const mark = sha256(concatBytes([utf8('holt root key file'), random])).subarray(0, 4)
  return concatBytes([random, mark, sha256(header).subarray(0, 4)])
}

/** True when the nonce is one of ours and the header before it is not the one that it was made for. */
function isHeaderAltered(bytes: Uint8Array): boolean {
  const headerEnd = endOfHeader(bytes)
  const nonce = bytes.subarray(headerEnd, headerEnd + 16)
  const expected = payloadNonce(bytes.subarray(0, headerEnd), nonce.subarray(0, 8))
  return equalBytes(nonce.subarray(0, 12), expected.subarray(0, 12)) && !equalBytes(nonce, expected)
}

/** Behind the line that begins with `---`. */
function endOfHeader(bytes: Uint8Array): number {
  for (let lineStart = 0; lineStart < bytes.length; ) {
    const lineEnd = bytes.indexOf(0x0a, lineStart)
    if (lineEnd < 0) break
    if (equalBytes(bytes.subarray(lineStart, lineStart + 3), utf8('---'))) return lineEnd + 1
    lineStart = lineEnd + 1
  }
  return bytes.length
}
