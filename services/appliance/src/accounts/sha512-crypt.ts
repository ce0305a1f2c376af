import { createHash } from 'node:crypto'

/** crypt(3) `$6$`, which every Linux can check: the specification is "Unix crypt using SHA-256 and SHA-512", Ulrich Drepper, 2007. */

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ROUNDS = { default: 5000, minimum: 1000, maximum: 999_999_999 }

/** @param salt up to 16 characters of [./0-9A-Za-z]. */
export function sha512Crypt(password: string, salt: string, rounds: number = ROUNDS.default): string {
  if (!/^[./0-9A-Za-z]{1,16}$/.test(salt)) throw new RangeError('the salt is not one of crypt')
  const count = Math.min(Math.max(rounds, ROUNDS.minimum), ROUNDS.maximum)
  const key = Buffer.from(password, 'utf8')
  const saltBytes = Buffer.from(salt, 'ascii')
  const keyRun = repeated(sha512(...Array<Buffer>(key.length).fill(key)), key.length)
  let digest = firstDigest(key, saltBytes)
  const saltRun = repeated(sha512(...Array<Buffer>(16 + (digest[0] as number)).fill(saltBytes)), saltBytes.length)
  for (let round = 0; round < count; round++) {
    const odd = round % 2 === 1
    const parts = [odd ? keyRun : digest]
    if (round % 3 !== 0) parts.push(saltRun)
    if (round % 7 !== 0) parts.push(keyRun)
    parts.push(odd ? digest : keyRun)
    digest = sha512(...parts)
  }
  return `$6$${rounds === ROUNDS.default ? '' : `rounds=${count}$`}${salt}$${encoded(digest)}`
}

function firstDigest(key: Buffer, salt: Buffer): Buffer {
  const other = sha512(key, salt, key)
  const parts = [key, salt, repeated(other, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits % 2 === 1 ? other : key)
  return sha512(...parts)
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The digest again and again, cut off at `length`. */
function repeated(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest)
}

/** Three bytes give four characters, the last byte two; their order is the specification's own. */
function encoded(digest: Buffer): string {
  let text = ''
  let [a, b, c] = [0, 21, 42]
  for (let group = 0; group < 21; group++) {
    text += characters(((digest[a] as number) << 16) | ((digest[b] as number) << 8) | (digest[c] as number), 4)
    ;[a, b, c] = [b + 1, c + 1, a + 1]
  }
  return text + characters(digest[63] as number, 2)
}

function characters(bits: number, count: number): string {
  return Array.from({ length: count }, (_, i) => ALPHABET[(bits >> (6 * i)) & 63]).join('')
}
