import { equalBytes, fromHex, toHex } from './bytes.ts'
import { isHoltError } from './errors.ts'

/**
 * What every decoder must survive: each test of one runs `fuzzDecoder` on it. Hostile input is made from good samples
 * without chance but for a seed, so that a failure comes again.
 */
export interface HostileInput {
  what: string
  bytes: Uint8Array
}

interface HostileOptions {
  seed?: number
  /** How many mixtures of samples are tried. */
  runs?: number
  /** Of what is made from a sample only each so many-th is tried; 7 leaves a changed bit in every byte. For decoders that take milliseconds. */
  stride?: number
}

/** Samples up to this size have every bit flipped; larger ones as many bits, spread. */
const ALL_BITS_BYTES = 512

/**
 * Feeds a decoder what it must refuse, or take without harm.
 *
 * @param decoder may be async; whatever it returns is not looked at.
 * @param samples good input of every kind the decoder takes.
 * @throws Error naming the input, in hex, when the decoder throws anything else than a HoltError, an INTERNAL one
 * included, or when it refuses a sample.
 */
export async function fuzzDecoder(
  decoder: (bytes: Uint8Array) => unknown,
  samples: readonly Uint8Array[],
  options: HostileOptions = {},
): Promise<void> {
  for (const sample of samples) await decoder(sample.slice())
  for (const { what, bytes } of hostileInputs(samples, options)) {
    const before = bytes.slice()
    await mustRefuseOrTake(decoder, { what, bytes })
    if (!equalBytes(before, bytes)) throw new Error(`the decoder changed its input (${what})`)
  }
}

async function mustRefuseOrTake(decoder: (bytes: Uint8Array) => unknown, { what, bytes }: HostileInput): Promise<void> {
  try {
    await decoder(bytes)
  } catch (error) {
    if (isHoltError(error) && error.code !== 'INTERNAL') return
    throw new Error(`${what}: the decoder failed with ${String(error)} on ${toHex(bytes.subarray(0, 4096))}`, { cause: error })
  }
}

/** All that `fuzzDecoder` tries. */
export function* hostileInputs(
  samples: readonly Uint8Array[],
  { seed = 1, runs = 500, stride = 1 }: HostileOptions = {},
): Generator<HostileInput> {
  for (const sample of samples) {
    let number = 0
    for (const inputs of [truncations, bitFlips, bombsInside]) for (const input of inputs(sample)) if (number++ % stride === 0) yield input
  }
  yield* bombs()
  yield* splices(samples, { random: seededRandom(seed), runs })
}

function* truncations(sample: Uint8Array): Generator<HostileInput> {
  const step = Math.max(1, Math.floor(sample.length / 4096))
  for (let length = 0; length < sample.length; length += step) yield { what: `cut to ${length} bytes`, bytes: sample.slice(0, length) }
  for (const byte of [0x00, 0xff]) yield { what: `followed by ${byte}`, bytes: Uint8Array.of(...sample.subarray(0, 65_536), byte) }
}

function* bitFlips(sample: Uint8Array): Generator<HostileInput> {
  const step = Math.max(1, Math.floor(sample.length / ALL_BITS_BYTES))
  for (let bit = 0; bit < 8 * sample.length; bit += step) {
    const bytes = sample.slice()
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
    yield { what: `bit ${bit} flipped`, bytes }
  }
}

/** Heads that claim what is not there: bytes, text, array and map of 2^16, 2^28, 2^32, 2^53 - 1 and 2^64 - 1. */
const claims = [
  '5a00010000',
  '7a10000000',
  '9a10000000',
  'ba10000000',
  '9b0000000100000000',
  'bb001fffffffffffff',
  '5bffffffffffffffff',
  '9bffffffffffffffff',
]
const heads = [...claims, '9fff', 'bfff', '5fff', '7fff', 'd82a', 'c0', 'f97e00', 'fb7ff0000000000000', 'ff', 'f7'].map(
  (hex) => fromHex(hex) as Uint8Array,
)

/** A bomb in every place of a sample. */
function* bombsInside(sample: Uint8Array): Generator<HostileInput> {
  const step = Math.max(1, Math.floor(sample.length / 128))
  for (let place = 0; place < sample.length; place += step) {
    for (const head of heads) {
      const bytes = sample.slice()
      bytes.set(head.subarray(0, sample.length - place), place)
      yield { what: `${toHex(head)} at ${place}`, bytes }
    }
  }
}

/** Nesting without end, and small input that asks for many values. */
function* bombs(): Generator<HostileInput> {
  for (const head of heads) yield { what: `${toHex(head)} alone`, bytes: head.slice() }
  yield { what: 'arrays in arrays', bytes: new Uint8Array(1 << 20).fill(0x81) }
  yield { what: 'maps in maps', bytes: new Uint8Array(3 << 18).map((_, i) => [0xa1, 0x61, 0x61][i % 3] as number) }
  yield { what: 'indefinite arrays in each other', bytes: new Uint8Array(1 << 20).fill(0x9f) }
  yield { what: 'a million empty maps', bytes: Uint8Array.of(0x9a, 0x00, 0x10, 0x00, 0x00, ...new Array<number>(1 << 16).fill(0xa0)) }
  yield { what: 'zeros', bytes: new Uint8Array(1 << 16) }
  yield { what: 'ones', bytes: new Uint8Array(1 << 16).fill(0xff) }
}

/** Pieces of the samples put together anew, with some bytes at random. */
function* splices(samples: readonly Uint8Array[], { random, runs }: { random: () => number; runs: number }): Generator<HostileInput> {
  const below = (limit: number): number => Math.floor(random() * limit)
  for (let run = 0; run < runs && samples.length > 0; run++) {
    const [one, other] = [samples[below(samples.length)] as Uint8Array, samples[below(samples.length)] as Uint8Array]
    const [end, start] = [below(one.length + 1), below(other.length + 1)]
    const bytes = new Uint8Array(end + other.length - start)
    bytes.set(one.subarray(0, end))
    bytes.set(other.subarray(start), end)
    for (let changes = below(4); changes > 0 && bytes.length > 0; changes--) bytes[below(bytes.length)] = below(256)
    yield { what: `splice ${run}`, bytes }
  }
}

/** Numbers in 0…1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
