import { fromHex, toHex, utf8 } from './bytes.ts'
import type { Awaitable, Crypto } from './crypto.ts'
import { type HoltErrorCode, isHoltError } from './errors.ts'

/** What every implementation of `Crypto` must do; each has a test that runs all of these. */
export const cryptoCases: readonly { name: string; run(crypto: Crypto): Promise<void> }[] = [
  { name: 'AES-256-GCM gives the vectors of McGrew and Viega', run: aeadVectors },
  { name: 'AES-256-GCM opens nothing that was altered', run: aeadForgeries },
  { name: 'HKDF-SHA256 gives the vectors of RFC 5869', run: hkdfVectors },
  { name: 'Ed25519 gives the vectors of RFC 8032', run: ed25519Vectors },
  { name: 'Ed25519 refuses every altered bit', run: ed25519Forgeries },
  { name: 'Ed25519 refuses keys of small order and second spellings', run: ed25519WeakKeys },
  { name: 'Ed25519 does not take the cofactor for an excuse', run: ed25519MixedOrder },
  { name: 'X25519 gives the vectors of RFC 7748', run: x25519Vectors },
  { name: 'X25519 refuses low-order points', run: x25519LowOrder },
  { name: 'scrypt gives the vector of RFC 7914', run: scryptVector },
  { name: 'random bytes have the length asked for and differ', run: randomBytes },
  { name: 'works on views of larger and of shared memory', run: views },
]

function hex(digits: string): Uint8Array {
  const bytes = fromHex(digits.replaceAll(' ', ''))
  if (bytes === null) throw new Error(`bad hex in a case: ${digits}`)
  return bytes
}

function same(actual: Uint8Array, expected: string, what: string): void {
  if (toHex(actual) !== expected) throw new Error(`${what}: expected ${expected}, got ${toHex(actual)}`)
}

function check(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

async function fails(code: HoltErrorCode, action: () => Awaitable<unknown>, what: string): Promise<void> {
  try {
    await action()
  } catch (error) {
    check(isHoltError(error, code), `${what}: expected ${code}, got ${String(error)}`)
    return
  }
  throw new Error(`${what}: expected ${code}`)
}

function range(from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice()
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
  return copy
}

/** Source: McGrew & Viega 2005, "The Galois/Counter Mode of Operation", appendix B, cases 13, 14 and 16. */
const aeadCases = [
  { key: '00'.repeat(32), nonce: '00'.repeat(12), associated: '', plaintext: '', sealed: '530f8afbc74536b9a963b4f1c4cb738b' },
  {
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    associated: '',
    plaintext: '00'.repeat(16),
    sealed: 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    associated: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext: 'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    sealed:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  },
]

async function aeadVectors(crypto: Crypto): Promise<void> {
  for (const { key, nonce, associated, plaintext, sealed } of aeadCases) {
    same(await crypto.seal(hex(key), hex(nonce), hex(plaintext), hex(associated)), sealed, 'sealed')
    same(await crypto.open(hex(key), hex(nonce), hex(sealed), hex(associated)), plaintext, 'opened')
  }
}

async function aeadForgeries(crypto: Crypto): Promise<void> {
  const [key, nonce, associated, plaintext] = [range(0, 31), range(0, 11), range(0, 2), range(0, 39)]
  const sealed = await crypto.seal(key, nonce, plaintext, associated)
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    await fails('DECRYPTION_FAILED', () => crypto.open(key, nonce, flipped(sealed, bit), associated), `bit ${bit}`)
  }
  await fails('DECRYPTION_FAILED', () => crypto.open(flipped(key, 0), nonce, sealed, associated), 'another key')
  await fails('DECRYPTION_FAILED', () => crypto.open(key, flipped(nonce, 0), sealed, associated), 'another nonce')
  await fails('DECRYPTION_FAILED', () => crypto.open(key, nonce, sealed, flipped(associated, 0)), 'other associated data')
  for (let length = 0; length < sealed.length; length++) {
    await fails('DECRYPTION_FAILED', () => crypto.open(key, nonce, sealed.subarray(0, length), associated), `${length} bytes`)
  }
}

/** Source: RFC 5869, appendix A.1 to A.3. */
async function hkdfVectors(crypto: Crypto): Promise<void> {
  const secret = new Uint8Array(22).fill(0x0b)
  const none = new Uint8Array(0)
  same(
    crypto.hkdf(secret, { salt: range(0x00, 0x0c), info: range(0xf0, 0xf9), lengthBytes: 42 }),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    'A.1',
  )
  same(
    crypto.hkdf(range(0x00, 0x4f), { salt: range(0x60, 0xaf), info: range(0xb0, 0xff), lengthBytes: 82 }),
    'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    'A.2',
  )
  same(
    crypto.hkdf(secret, { salt: none, info: none, lengthBytes: 42 }),
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    'A.3',
  )
}

/** Source: RFC 8032, §7.1, tests 1 to 3. */
const ed25519Cases = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
]

async function ed25519Vectors(crypto: Crypto): Promise<void> {
  for (const { seed, publicKey, message, signature } of ed25519Cases) {
    same(crypto.ed25519PublicKey(hex(seed)), publicKey, 'public key')
    same(crypto.sign(hex(seed), hex(message)), signature, 'signature')
    check(crypto.verify(hex(publicKey), hex(message), hex(signature)), 'a good signature was refused')
  }
}

async function ed25519Forgeries(crypto: Crypto): Promise<void> {
  const seed = range(0, 31)
  const [publicKey, message] = [crypto.ed25519PublicKey(seed), utf8('a head')]
  const signature = crypto.sign(seed, message)
  for (let bit = 0; bit < 512; bit++) check(!crypto.verify(publicKey, message, flipped(signature, bit)), `signature bit ${bit}`)
  for (let bit = 0; bit < 256; bit++) check(!crypto.verify(flipped(publicKey, bit), message, signature), `key bit ${bit}`)
  for (let bit = 0; bit < 48; bit++) check(!crypto.verify(publicKey, flipped(message, bit), signature), `message bit ${bit}`)
  for (const length of [0, 63, 65]) check(!crypto.verify(publicKey, message, new Uint8Array(length)), `a signature of ${length} bytes`)
  for (const length of [0, 31, 33]) check(!crypto.verify(new Uint8Array(length), message, signature), `a key of ${length} bytes`)
}

/** The order-1, -2, -4 and -8 points, and encodings with y >= p. Under the first, this signature would fit any message. */
const weakKeys = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

async function ed25519WeakKeys(crypto: Crypto): Promise<void> {
  const base = hex('5866666666666666666666666666666666666666666666666666666666666666')
  const one = hex('01'.padEnd(64, '0'))
  for (const key of weakKeys) {
    for (let i = 0; i < 16; i++) check(!crypto.verify(hex(key), Uint8Array.of(i), Uint8Array.of(...base, ...one)), `accepted under ${key}`)
  }
}

/** Key and R have a part of small order; 8·S·B = 8·R + 8·k·A holds, S·B = R + k·A does not. Made for this case. */
const mixedOrder = {
  publicKey: 'd63c01223147541df4e170763e9e2788a8bf5971f52a93c5829dbe6f5ff6bba9',
  message: '00',
  signature:
    '7db0dc9222f3c183457ddde4c708de8e5ea6bf3d5c4404cca14b32729a05c32af54e476ce37bbb82c46ff1be50b02f0f804913d3212d611653903f51ff29e90d',
}

async function ed25519MixedOrder(crypto: Crypto): Promise<void> {
  const { publicKey, message, signature } = mixedOrder
  check(!crypto.verify(hex(publicKey), hex(message), hex(signature)), 'accepted a signature that holds only times the cofactor')
}

/** Source: RFC 7748, §5.2 and §6.1. */
async function x25519Vectors(crypto: Crypto): Promise<void> {
  const alice = hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a')
  const bob = hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')
  same(crypto.x25519PublicKey(alice), '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a', 'Alice')
  same(crypto.x25519PublicKey(bob), 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f', 'Bob')
  const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'
  same(crypto.x25519(alice, crypto.x25519PublicKey(bob)), shared, 'Alice with Bob')
  same(crypto.x25519(bob, crypto.x25519PublicKey(alice)), shared, 'Bob with Alice')
  const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4')
  const u = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c')
  same(crypto.x25519(scalar, u), 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552', '§5.2')
}

async function x25519LowOrder(crypto: Crypto): Promise<void> {
  const lowOrder = [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ]
  for (const point of lowOrder) await fails('MALFORMED', () => crypto.x25519(range(1, 32), hex(point)), point)
  await fails('MALFORMED', () => crypto.x25519(range(1, 32), new Uint8Array(31)), '31 bytes')
}

/** Source: RFC 7914, §12, the third vector. */
async function scryptVector(crypto: Crypto): Promise<void> {
  same(
    await crypto.scrypt(utf8('pleaseletmein'), utf8('SodiumChloride'), { costLog2: 14, lengthBytes: 64 }),
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    'scrypt',
  )
}

async function randomBytes(crypto: Crypto): Promise<void> {
  for (const length of [0, 1, 32, 65_536, 200_001]) check(crypto.randomBytes(length).length === length, `${length} bytes`)
  const long = crypto.randomBytes(200_001)
  check(new Set(Array.from({ length: 6 }, (_, i) => toHex(long.subarray(i * 33_000, i * 33_000 + 16)))).size === 6, 'parts repeat')
  check(toHex(crypto.randomBytes(16)) !== toHex(crypto.randomBytes(16)), 'two calls agree')
}

async function views(crypto: Crypto): Promise<void> {
  const memory = new Uint8Array(new SharedArrayBuffer(256))
  memory.set(range(0, 255))
  const [key, nonce, plaintext] = [memory.subarray(1, 33), memory.subarray(40, 52), memory.subarray(60, 160)]
  const sealed = await crypto.seal(key, nonce, plaintext, memory.subarray(0, 3))
  memory.set(sealed, 100)
  same(await crypto.open(key, nonce, memory.subarray(100, 100 + sealed.length), memory.subarray(0, 3)), toHex(range(60, 159)), 'opened')
  check(sealed.constructor === Uint8Array, 'a plain Uint8Array')
}
