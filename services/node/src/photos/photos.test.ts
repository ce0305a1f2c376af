import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import type { PhotoChoice, PhotoStatus } from '@holt/control/photos.ts'
import { HoltError } from '@holt/core/errors.ts'
import { caller, NodeWorld } from '../node-world.ts'
import type { HoltNode } from '../node.ts'
import { MemoryMedia, pictureOf } from './photo-world.ts'

const MiB = 1 << 20
const MONTH = '/Photos/Pixel 8/2026/11'

class Phone {
  readonly media = new MemoryMedia()
  readonly world: NodeWorld
  node!: HoltNode

  constructor(t: TestContext) {
    this.world = new NodeWorld(t)
  }

  async start(): Promise<void> {
    this.node = await this.world.start('data', { more: { media: this.media } })
  }

  call() {
    return caller(this.node.control)
  }

  /** Looks again, until there is nothing to do now. */
  async settled(choice: PhotoChoice = {}): Promise<PhotoStatus> {
    await this.call()('photos.set', choice)
    for (let looks = 0; looks < 2000; looks++) {
      const status = await this.call()('photos.status', {})
      if (status.state !== 'running') return status
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error('it runs and runs')
  }

  /** Every file below the folder of pictures, by path, as the text of its content's hash or what it was made of. */
  async files(path = '/Photos'): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>()
    const { entries } = await this.call()('files.list', { path }).catch(() => ({ entries: [] }))
    for (const { name, type } of entries) {
      const at = `${path}/${name}`
      if (type === 'directory') for (const [below, bytes] of await this.files(at)) found.set(below, bytes)
      else {
        const parts: Uint8Array[] = []
        for await (const bytes of (await this.node.files.read(at)).body) parts.push(bytes.slice())
        found.set(at, Buffer.concat(parts))
      }
    }
    return found
  }

  async paths(): Promise<string[]> {
    return [...(await this.files()).keys()].sort()
  }
}

async function phone(t: TestContext): Promise<Phone> {
  const made = new Phone(t)
  await made.start()
  await made.call()('node.init', {})
  return made
}

test('pictures go to the folder of their month, once; what is new follows, and a restart brings nothing twice', async (t) => {
  const one = await phone(t)
  one.media.add({ name: 'a.jpg', content: pictureOf('a'), modified: 1_600_000_001 })
  one.media.add({ name: 'b.jpg', content: pictureOf('b'), month: '2025-02' })
  assert.equal((await one.call()('photos.status', {})).state, 'off')
  assert.deepEqual(await one.paths(), [], 'nothing before it is turned on')
  const status = await one.settled({ on: true })
  assert.deepEqual([status.state, status.done, status.left, status.folder], ['idle', 2, 0, '/Photos/Pixel 8'])
  const files = await one.files()
  assert.deepEqual([...files.keys()].sort(), ['/Photos/Pixel 8/2025/02/b.jpg', `${MONTH}/a.jpg`])
  assert.deepEqual(files.get(`${MONTH}/a.jpg`), Buffer.from(pictureOf('a')))
  assert.equal((await one.call()('files.stat', { path: `${MONTH}/a.jpg` })).modified, 1_600_000_001)

  one.media.add({ name: 'c.jpg', content: pictureOf('c') })
  const { reads } = one.media
  await one.settled()
  assert.equal(one.media.reads, reads + 1, 'what was read is not read again')
  await one.start()
  assert.equal((await one.settled()).done, 3)
  assert.equal(one.media.reads, reads + 1)
  assert.equal((await one.files()).size, 3)
})

test('the same picture twice is one file; another one of the same name stands beside it', async (t) => {
  const one = await phone(t)
  one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  one.media.add({ name: 'copy of a.jpg', content: pictureOf('a') })
  one.media.add({ name: 'a.jpg', content: pictureOf('another') })
  const c = one.media.add({ name: 'c.jpg', content: pictureOf('c') })
  await one.settled({ on: true })
  assert.deepEqual(await one.paths(), [`${MONTH}/a (2).jpg`, `${MONTH}/a.jpg`, `${MONTH}/c.jpg`])
  one.media.change(c, pictureOf('c, with a frame'))
  await one.settled()
  const files = await one.files()
  assert.deepEqual(files.get(`${MONTH}/c.jpg`), Buffer.from(pictureOf('c')), 'what was taken in stays')
  assert.deepEqual(files.get(`${MONTH}/c (2).jpg`), Buffer.from(pictureOf('c, with a frame')))
  const { reads } = one.media
  one.media.touch(c)
  await one.settled()
  assert.equal(one.media.reads, reads, 'a remark of the list is no other picture')
  one.media.renumber()
  await one.settled()
  assert.deepEqual((await one.files()).size, 4, 'other numbers are no other pictures')
})

test('what is removed in the tree does not come back with the next look', async (t) => {
  const one = await phone(t)
  one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  await one.settled({ on: true })
  await one.call()('files.remove', { paths: [`${MONTH}/a.jpg`] })
  one.media.add({ name: 'b.jpg', content: pictureOf('b') })
  await one.settled()
  assert.deepEqual(await one.paths(), [`${MONTH}/b.jpg`])
  one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  await one.settled()
  assert.equal((await one.files()).size, 2, 'taken anew it is a picture that the tree does not have')
})

test('an empty list, a permission taken back, a card taken out: nothing is taken for deleted, and later it goes on', async (t) => {
  const one = await phone(t)
  const a = one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  one.media.volumes = ['external_primary', '1a2b-3c4d']
  one.media.add({ name: 'on card.jpg', content: pictureOf('card') }, '1a2b-3c4d')
  await one.settled({ on: true })
  const before = await one.paths()
  assert.equal(before.length, 2)

  one.media.volumes = ['external_primary']
  one.media.remove(a)
  assert.equal((await one.settled()).state, 'idle')
  one.media.access = 'none'
  const shut = await one.settled()
  assert.deepEqual([shut.state, shut.waitsFor, shut.access, shut.done], ['waiting', 'access', 'none', 2])
  one.media.access = 'all'
  one.media.volumes = []
  assert.equal((await one.settled()).waitsFor, 'volume')
  assert.deepEqual(await one.paths(), before)

  one.media.volumes = ['external_primary', '1a2b-3c4d']
  one.media.add({ name: 'later.jpg', content: pictureOf('later') }, '1a2b-3c4d')
  assert.equal((await one.settled()).state, 'idle')
  assert.equal((await one.files()).size, 3)
})

test('who lets it see some pictures and later all has all of them in the tree, older ones too', async (t) => {
  const one = await phone(t)
  const ids = ['a', 'b', 'c', 'd'].map((name) => one.media.add({ name: `${name}.jpg`, content: pictureOf(name) }))
  one.media.access = 'some'
  one.media.chosen.add(ids[3] as number)
  await one.settled({ on: true })
  assert.equal((await one.files()).size, 1)
  one.media.chosen.add(ids[0] as number)
  await one.settled()
  assert.equal((await one.files()).size, 2)
  one.media.access = 'all'
  const { reads } = one.media
  await one.settled()
  assert.equal((await one.files()).size, 4)
  assert.equal(one.media.reads, reads + 2)
})

test('videos are left out when they are not wanted, and come when they are', async (t) => {
  const one = await phone(t)
  one.media.add({ name: 'film.mp4', content: pictureOf('film'), video: true })
  one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  await one.settled({ on: true, videos: false })
  assert.deepEqual(await one.paths(), [`${MONTH}/a.jpg`])
  const status = await one.settled({ videos: true })
  assert.equal(status.done, 2)
  assert.deepEqual(await one.paths(), [`${MONTH}/a.jpg`, `${MONTH}/film.mp4`])
})

test('it waits for the line and the charger that its owner wants, stops in the midst when they go, and pauses', async (t) => {
  const one = await phone(t)
  one.media.tell({ metered: true, wifi: false, charging: false })
  one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  assert.equal((await one.settled({ on: true })).waitsFor, 'network', 'what may cost is not used unless its owner says so')
  assert.equal((await one.settled({ network: 'any', charging: true })).waitsFor, 'charging')
  assert.equal((await one.settled({ charging: false, paused: true })).waitsFor, 'pause')
  assert.deepEqual(await one.paths(), [])
  await one.settled({ paused: false })
  assert.deepEqual(await one.paths(), [`${MONTH}/a.jpg`])

  one.media.add({ name: 'film.mp4', content: pictureOf('film', 5 * MiB), video: true })
  await one.call()('photos.set', { network: 'wifi' })
  one.media.onRead = (_item, offset) => {
    if (offset === 2 * MiB) one.media.tell({ wifi: false })
  }
  one.media.tell({ wifi: true })
  assert.equal((await one.settled()).waitsFor, 'network')
  assert.equal((await one.files()).size, 1)
  one.media.onRead = () => {}
  one.media.tell({ wifi: true })
  assert.equal((await one.settled()).state, 'idle')
  assert.deepEqual((await one.files()).get(`${MONTH}/film.mp4`), Buffer.from(pictureOf('film', 5 * MiB)))
})

test('a long video goes on behind what was stored of it, also in another process', async (t) => {
  const one = await phone(t)
  const film = pictureOf('film', 70 * MiB + 12_345)
  one.media.add({ name: 'film.mp4', content: film, video: true })
  let broken = 0
  one.media.onRead = (_item, offset) => {
    if (offset >= 66 * MiB && broken++ === 0) throw new HoltError('CANCELLED', 'the app is gone')
  }
  const status = await one.settled({ on: true })
  assert.deepEqual([status.waitsFor, status.problem], ['trouble', 'CANCELLED'])
  const writtenBefore = (await one.call()('node.status', {})).store.packBytes
  await one.start()
  assert.equal((await one.settled()).state, 'idle')
  assert.deepEqual((await one.files()).get(`${MONTH}/film.mp4`), Buffer.from(film))
  const written = (await one.call()('node.status', {})).store.packBytes - writtenBefore
  assert.ok(written < 12 * MiB, `${written} bytes were stored for the last ${film.length - 64 * MiB}`)
})

test('one that cannot be read does not keep the others; it is tried again, and one that is gone is let go', async (t) => {
  const one = await phone(t)
  const bad = one.media.add({ name: 'bad.jpg', content: pictureOf('bad') })
  one.media.add({ name: 'good.jpg', content: pictureOf('good') })
  const gone = one.media.add({ name: 'gone.jpg', content: pictureOf('gone') })
  let isBad = true
  one.media.onRead = ({ id }) => {
    if (id === bad && isBad) throw new HoltError('IO_FAILED', 'a bad sector')
    if (id === gone) throw new HoltError('NOT_FOUND', 'removed meanwhile')
  }
  const status = await one.settled({ on: true })
  assert.deepEqual([status.done, status.later, status.waitsFor], [1, 2, 'trouble'])
  assert.deepEqual([(await one.settled()).later, await one.paths()], [1, [`${MONTH}/good.jpg`]])
  isBad = false
  const mended = await one.settled()
  assert.deepEqual([mended.state, mended.later, mended.problem], ['idle', 0, null])
  assert.deepEqual(await one.paths(), [`${MONTH}/bad.jpg`, `${MONTH}/good.jpg`])
})

test('without room it waits, and tells so; names of any kind fit', async (t) => {
  const one = await phone(t)
  one.media.add({ name: 'a/b\0.jpg', content: pictureOf('x') })
  one.media.add({ name: `${'ö'.repeat(200)}.jpg`, content: pictureOf('y') })
  one.media.add({ name: '..', content: pictureOf('z') })
  let full = true
  one.media.onRead = () => {
    if (full) throw new HoltError('DISK_FULL', 'no room')
  }
  assert.equal((await one.settled({ on: true })).waitsFor, 'space')
  full = false
  assert.equal((await one.settled()).state, 'idle')
  assert.deepEqual(await one.paths(), [`${MONTH}/ab.jpg`, `${MONTH}/picture`, `${MONTH}/${'ö'.repeat(60)}.jpg`].sort())
})

test('a node that is no phone says so; a folder that cannot be is refused; access is asked for once it is turned on', async (t) => {
  const world = new NodeWorld(t)
  const laptop = caller((await world.start()).control)
  await laptop('node.init', {})
  await assert.rejects(laptop('photos.status', {}), { code: 'NOT_A_PHONE' })
  await world.stop()
  const one = await phone(t)
  assert.equal((await one.call()('node.status', {})).phone, true)
  for (const folder of ['/', 'a', '/.holt-hidden/x']) await assert.rejects(one.call()('photos.set', { folder }), HoltError)
  one.media.access = 'none'
  await one.settled({ on: true, folder: '/Pictures' })
  assert.equal(one.media.asked, 1)
  one.media.access = 'all'
  one.media.add({ name: 'a.jpg', content: pictureOf('a') })
  await one.settled()
  assert.equal((await one.call()('files.stat', { path: '/Pictures/2026/11/a.jpg' })).type, 'file')
})
