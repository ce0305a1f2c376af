/**
 * Which 32 bytes are an Ed25519 public key here, the same for every implementation of `Crypto`: two nodes must never
 * disagree about a signature. Refused are points of small order (anything verifies under some of them) and encodings
 * that are not the shortest (y >= p).
 *
 * Source: Chalkias, Garillot, Nikolaenko 2020, "Taming the many EdDSAs".
 */
export function isUsablePublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false
  return isBelowLast(publicKey) && !smallOrderY.some((y) => hasY(publicKey, y))
}

/** y of the points of order 4, 1, 8 and 8, little-endian, without the sign of x. */
const smallOrderY: readonly (readonly number[])[] = [
  new Array<number>(32).fill(0),
  [1, ...new Array<number>(31).fill(0)],
  [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
    0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
  ],
  [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
    0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
  ],
]

function hasY(publicKey: Uint8Array, y: readonly number[]): boolean {
  return y.every((byte, i) => byte === (i === 31 ? (publicKey[31] as number) & 0x7f : publicKey[i]))
}

/** True for y < p - 1, where p = 2^255 - 19; p - 1 itself is the point of order 2. */
function isBelowLast(publicKey: Uint8Array): boolean {
  if (((publicKey[31] as number) & 0x7f) !== 0x7f) return true
  for (let i = 1; i < 31; i++) if (publicKey[i] !== 0xff) return true
  return (publicKey[0] as number) < 0xec
}
