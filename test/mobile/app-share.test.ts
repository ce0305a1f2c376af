import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectControl } from '@holt/control/node/socket.ts'
import { afterwards, temporaryFolder, until } from '../peers/harness.ts'
import { FakePhone } from './fake-phone.ts'

const LIMIT = { limitMs: 120_000 }

test('another app shares pictures and words: the owner is asked, they are there before the node is set up, and then in the tree', async (context) => {
  const phone = new FakePhone(join(await temporaryFolder(context), 'phone'))
  afterwards(context, () => phone.kill())
  mkdirSync(join(phone.folder, 'media'), { recursive: true })
  for (const name of ['one.jpg', 'up']) writeFileSync(join(phone.folder, 'media', name), `content of ${name}`)
  await phone.start()
  const does = async (command: string, ...lines: string[]): Promise<void> => {
    phone.tell(command)
    for (const line of lines) assert.equal(await phone.next(), line)
  }
  const inbox = join(phone.folder, 'files/shared')
  await does('share file:///data/data/org.holt.app/files/holt/keys/unlock-key', 'not asked')
  await does('share content://other/1/one.jpg', 'asked (1)')
  await does('cancel')
  await does('share content://other/1/one.jpg content://other/2/up content://broken/3 file:///etc/passwd', 'asked (3)')
  await does('put', 'service 1 shown')
  assert.deepEqual(
    readdirSync(inbox)
      .map((name) => name.replace(/^\d+/, ''))
      .sort(),
    ['~.._up', '~one.jpg'],
  )
  const node = await until('the node', () => connectControl(join(phone.folder, 'files/holt')).catch(() => null), LIMIT)
  afterwards(context, () => node.close())
  await node.call('node.init', {})
  await does('share-text', 'asked (1)')
  await does('put', 'service 1 shown')
  const names = await until(
    'what was shared',
    async () => {
      const { entries } = await node.call('files.list', { path: '/Received' }).catch(() => ({ entries: [] }))
      return entries.length === 3 && entries.map(({ name }) => name)
    },
    LIMIT,
  )
  assert.deepEqual(names, ['.._up', 'one.jpg', 'text.txt'])
  await until('an empty inbox', async () => readdirSync(inbox).length === 0)
})
