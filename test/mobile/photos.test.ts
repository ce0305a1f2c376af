import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PhotoStatus } from '@holt/control/photos.ts'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryMedia, pictureOf } from '@holt/node/photos/photo-world.ts'
import { afterwards, temporaryFolder, until } from '../peers/harness.ts'
import { seededRandom } from '../peers/random.ts'
import { contentsBelow, hashesBelow, startPhone } from './photo-phone.ts'
import { PhoneNode } from './phone-node.ts'
import { PrivateNet } from './private-net.ts'
import { androidNode, stockNode } from './runtimes.ts'

/** `HOLT_PHOTOS=2000 HOLT_KILLS=50 node --import tsx --test test/mobile/photos.test.ts` is the whole promise; HOLT_SEED shows one again. */
const PICTURES = Number(process.env['HOLT_PHOTOS'] ?? 200)
const KILLS = Number(process.env['HOLT_KILLS'] ?? 8)
const SEED = Number(process.env['HOLT_SEED'] ?? Date.now() % 1_000_000)
const LIMIT_MS = 20 * 60_000
const MIB = 1 << 20
const PORTS = { phone: 4661, box: 4662 }

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Pictures of all sizes, some named alike, some the same as others, and a video longer than what is stored at once. */
function fill(media: MemoryMedia, count: number): Set<string> {
  const random = seededRandom(SEED)
  const contents = new Set<string>()
  for (let i = 0; i < count; i++) {
    const isFilm = i === Math.floor(count / 2)
    const isCopy = i > 0 && i % 25 === 0
    const content = pictureOf(`${isCopy ? i - 1 : i}`, isFilm ? 40 * MIB + 77 : sizeOf(isCopy ? i - 1 : i))
    const name = isFilm ? 'film.mp4' : i % 10 === 0 ? 'IMG_0001.jpg' : `IMG_${i}.jpg`
    media.add({ name, content, video: isFilm, month: `20${random.integer(20, 26)}-0${random.integer(1, 9)}` })
    contents.add(sha256(content))
  }
  return contents
}

const sizeOf = (i: number): number => 500 + ((i * 7919) % 40_000)

test(`${PICTURES} pictures, ${KILLS} times killed, over a line that drops every few seconds: all on the phone and at home once, none twice`, async (context) => {
  const [stock, android] = await Promise.all([stockNode(), androidNode('x86_64')])
  const folder = await temporaryFolder(context)
  const net = await PrivateNet.open()
  afterwards(context, () => net.close())
  const options = { peerInterfaces: ['lo'] }
  const box = new PhoneNode(net.within(stock), join(folder, 'box'), { ...options, peerPort: PORTS.box })
  const phone = new PhoneNode(net.within(android), join(folder, 'phone'), { ...options, peerPort: PORTS.phone })
  for (const node of [box, phone]) afterwards(context, () => node.kill())
  const media = new MemoryMedia()
  const contents = fill(media, PICTURES)
  await box.start()
  await box.call('node.init', {})
  await startPhone(phone, media)
  const at = await until('the box among others', async () => {
    const { addresses } = await box.call('peers.list', {})
    return addresses.length > 0 && addresses
  })
  const { code } = await box.call('cluster.invite', {})
  await phone.call('node.join', { code, at })
  context.diagnostic(`HOLT_SEED=${SEED}`)

  net.drop({ everyMs: 2500, forMs: 500 })
  const started = Date.now()
  const random = seededRandom(SEED + 1)
  await phone.call('photos.set', { on: true })
  let repeated = 0
  for (let kills = 0; kills < KILLS; kills++) {
    // in the midst of anything: a read that is asked for, or what follows it
    const most = Math.max(6, Math.floor((1.6 * PICTURES) / KILLS))
    const before = media.reads
    let left = random.integer(3, most)
    await new Promise<void>((resolve) => {
      media.onRead = () => {
        if (--left === 0) setTimeout(resolve, random.integer(0, 30))
        if (left < 0) throw new HoltError('CANCELLED', 'the app is gone')
      }
      void until('the end', () => idle(phone), { limitMs: LIMIT_MS }).then(
        () => resolve(),
        () => {},
      )
    })
    await phone.kill()
    repeated += media.reads - before
    media.onRead = () => {}
    await startPhone(phone, media)
  }
  const status = await until('the end', () => idle(phone), { limitMs: LIMIT_MS })
  const takenMs = Date.now() - started
  assert.deepEqual([status.left, status.later, status.problem], [0, 0, null])
  assert.equal(status.done, PICTURES)

  const here = await contentsBelow(phone, '/Photos')
  assert.equal(here.size, contents.size)
  await net.mend()
  const there = await until(
    'all of it at home',
    async () => {
      const found = await contentsBelow(box, '/Photos').catch(() => new Map<string, string>())
      const { missingBlocks } = await box.call('cluster.show', {})
      return found.size === here.size && missingBlocks === 0 && found
    },
    { limitMs: LIMIT_MS },
  )
  assert.deepEqual(there, here)
  const atHomeMs = Date.now() - started
  await phone.kill()
  const held = await hashesBelow(box, '/Photos')
  assert.deepEqual([...held.values()].sort(), [...contents].sort(), 'each content once, whole, without the phone')
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  context.diagnostic(
    `${contents.size} contents of ${PICTURES} pictures; on the phone after ${seconds(takenMs)}, at home after ${seconds(atHomeMs)}; ${net.drops} times the line was gone; ${media.reads} pieces were read, ${repeated} of them before a kill`,
  )
})

/** null while it is at work. */
async function idle(phone: PhoneNode): Promise<PhotoStatus | null> {
  const status = await phone.call('photos.status', {})
  return status.state === 'idle' ? status : null
}
