import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Announcement } from './announcement.ts'

const folder = await mkdtemp(join(tmpdir(), 'holt-announcement-'))
after(() => rm(folder, { recursive: true }))
const neverWarn = (text: string): void => assert.fail(text)

test('the file says what was published last, and what was not changed stays', async () => {
  const file = join(folder, 'announcement.json')
  const announcement = new Announcement(file, neverWarn)
  await announcement.publish({ page: 'http://127.0.0.1:4658/', code: 'AAAA2222', state: 'new' })
  await Promise.all([announcement.publish({ code: 'CCCC3333' }), announcement.publish({ code: null })])
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { page: 'http://127.0.0.1:4658/', code: null, authority: null, state: 'new' })
  assert.equal((await stat(file)).mode & 0o007, 0, 'strangers cannot read the code')
  assert.deepEqual(await readdir(folder), ['announcement.json'])
})

test('a file that cannot be written is a warning, not a failure', async () => {
  const warnings: string[] = []
  await new Announcement(join(folder, 'missing', 'file'), (text) => warnings.push(text)).publish({ state: 'ready' })
  assert.equal(warnings.length, 1)
})

test('without a file nothing is written', async () => {
  await new Announcement(null, neverWarn).publish({ state: 'ready' })
})
