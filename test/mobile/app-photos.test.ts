import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connectControl } from '@holt/control/node/socket.ts'
import type { ControlClient } from '@holt/control/control-client.ts'
import type { PhotoChoice, PhotoStatus } from '@holt/control/photos.ts'
import { pictureOf } from '@holt/node/photos/photo-world.ts'
import { afterwards, temporaryFolder, until } from '../peers/harness.ts'
import { FakePhone } from './fake-phone.ts'
import { hashesBelow } from './photo-phone.ts'

/** The app's own classes over the real bridge: what they ask of Android, and how its answers reach the tree. */

const LIMIT = { limitMs: 120_000 }

interface App {
  phone: FakePhone
  node: ControlClient
  /** A file on the phone, and in its list. */
  add(name: string, sizeBytes?: number): void
  is(what: string, holds: (status: PhotoStatus) => boolean): Promise<PhotoStatus>
}

async function started(context: TestContext, sdk: number): Promise<App> {
  const phone = new FakePhone(join(await temporaryFolder(context), 'phone'))
  afterwards(context, () => phone.kill())
  mkdirSync(join(phone.folder, 'media'), { recursive: true })
  await phone.start({ sdk })
  phone.tell('open')
  for (const line of ['opened', 'service 1 shown']) assert.equal(await phone.next(), line)
  phone.tell('fetch')
  assert.match(await phone.next(), /^page .* 200 403$/)
  const node = await until('the node', () => connectControl(join(phone.folder, 'files/holt')).catch(() => null), LIMIT)
  afterwards(context, () => node.close())
  await node.call('node.init', {})
  return {
    phone,
    node,
    add: (name, sizeBytes = 3000) => {
      writeFileSync(join(phone.folder, 'media', name), pictureOf(name, sizeBytes))
      phone.tell(`picture ${name}`)
    },
    is: async (what, holds) => {
      let status: PhotoStatus | null = null
      return until(
        what,
        async () => {
          status = await node.call('photos.status', {})
          return holds(status) && status
        },
        LIMIT,
      ).catch((error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify(status)}\n${phone.log}`)
      })
    },
  }
}

const set = (node: ControlClient, choice: PhotoChoice): Promise<PhotoStatus> => node.call('photos.set', choice)

for (const [sdk, permissions] of [
  [35, 4],
  [24, 1],
] as const)
  test(`API ${sdk}: the owner is asked, pictures and a video come as they are, what is new follows, what is forbidden stays away`, async (context) => {
    const { phone, node, add, is } = await started(context, sdk)
    add('a.jpg')
    add('film.mp4', 2_500_000)
    add('undated.jpg')
    await set(node, { on: true, charging: true })
    assert.equal(await phone.next(), `asked for ${permissions} permissions`)
    await is('the wish for the charger', ({ waitsFor }) => waitsFor === 'charging')
    phone.tell('charge')
    await is('the refusal', ({ waitsFor, access }) => waitsFor === 'access' && access === 'none')
    phone.tell('agree')
    assert.equal(await phone.next(), 'agrees')
    assert.equal((await node.call('photos.askAccess', {})).asked, true)
    assert.equal(await phone.next(), `asked for ${permissions} permissions`)
    const status = await is('all of it', ({ state, done }) => state === 'idle' && done === 3)
    assert.deepEqual([status.folder, status.access, status.places], ['/Photos/Fake Phone', 'all', true])
    add('later.jpg')
    await is('what is new', ({ done }) => done === 4)
    phone.tell('forbid')
    add('hidden.jpg')
    await is('that it may not see them', ({ waitsFor }) => waitsFor === 'access')
    const found = await hashesBelow(node, '/Photos/Fake Phone')
    const month = '/Photos/Fake Phone/2025/03'
    assert.deepEqual([...found.keys()].sort(), [
      '/Photos/Fake Phone/2023/11/undated.jpg',
      `${month}/a.jpg`,
      `${month}/film.mp4`,
      `${month}/later.jpg`,
    ])

    const film = createHash('sha256').update(pictureOf('film.mp4', 2_500_000)).digest('hex')
    assert.equal(found.get(`${month}/film.mp4`), film)
  })
