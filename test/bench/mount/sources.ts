import { seededRandom } from './seeded-random.ts'

/** A word that stands in every hundredth file. */
export const NEEDLE = 'xyzzy_needle_of_the_bench'
const NEEDLE_EVERY = 100
const TEXT_BYTES = 4 << 20
/** Of a source file's length: as in large programs in C, half are below this and the mean is twice as much. */
const MEDIAN_BYTES = 4096
const SPREAD = 1.2
const MOST_BYTES = 1 << 20
const PER_FOLDER = 15

const words = (
  'static const struct int void return if else for while unsigned long char goto error out ret size len flags data node list next prev ' +
  'lock unlock init exit device driver register read write open close probe remove dev info page block buffer offset count index value mask'
).split(' ')

export interface Source {
  path: string
  content: Buffer
}

/** The source tree of a large program: text, folders of folders, the same at every run. */
export function* sourceTree(count: number, seed = 1): Generator<Source> {
  const random = seededRandom(seed)
  const text = sourceText(random)
  for (let i = 0; i < count; i++) {
    const folder = Math.floor(i / PER_FOLDER)
    const place = `part-${folder % 23}/area-${Math.floor(folder / 23) % 17}/unit-${folder}`
    const sizeBytes = Math.min(MOST_BYTES, Math.max(64, Math.round(MEDIAN_BYTES * Math.exp(SPREAD * normal(random)))))
    const start = Math.floor(random() * (TEXT_BYTES - sizeBytes))
    const content = Buffer.from(text.subarray(start, start + sizeBytes))
    content.write(`/* file ${i} */\n`)
    if (i % NEEDLE_EVERY === 0) content.write(NEEDLE, 32)
    yield { path: `${place}/file-${i}.${i % 3 === 0 ? 'h' : 'c'}`, content }
  }
}

export function needlesIn(count: number): number {
  return Math.ceil(count / NEEDLE_EVERY)
}

function sourceText(random: () => number): Buffer {
  let text = ''
  while (text.length < TEXT_BYTES) {
    const line = Array.from({ length: 2 + Math.floor(random() * 8) }, () => words[Math.floor(random() * words.length)])
    text += `\t${line.join(' ')} = 0x${Math.floor(random() * 2 ** 32).toString(16)};\n`
  }
  return Buffer.from(text)
}

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
