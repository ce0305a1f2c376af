import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeControl } from '@holt/control/fake-control.ts'
import { HoltError } from '@holt/core/errors.ts'
import { covering } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('webdav')
const url = 'https://127.0.0.1:4659/dav/'
const info = { id: 'K7M29', name: 'laptop', path: '/photos', write: false, createdMs: 1, usedMs: null }

test('webdav shows where programs connect and which have a password', async () => {
  const { text, json } = await both(['webdav'], { 'appPasswords.list': () => ({ url, passwords: [info] }) })
  assert.match(text.out, /^https:\/\/127\.0\.0\.1:4659\/dav\/\n\nID +FOR +FOLDER +MAY +USED *\nK7M29 +laptop +\/photos +reads +never *\n$/)
  assert.deepEqual(json, { url, passwords: [info] })
  const none = await both(['webdav'], { 'appPasswords.list': () => ({ url, passwords: [] }) })
  assert.equal(none.text.out, `${url}\n`)
})

test('webdav add makes a password for a folder, to read only', async () => {
  const password = 'K7M29-AAAAA-CCCCC-DDDDD-EEEEE'
  const answers = { 'appPasswords.make': () => ({ url, password, info }) }
  const { text, control } = await both(['webdav', 'add', 'laptop', 'photos', '--read-only'], answers)
  assert.ok(text.out.startsWith(`${password}\n`))
  assert.match(text.out, /holt webdav revoke K7M29/)
  assert.deepEqual(control.asked('appPasswords.make')[0], { name: 'laptop', path: '/photos', write: false })
  const { control: whole } = await both(['webdav', 'add', 'laptop'], answers)
  assert.deepEqual(whole.asked('appPasswords.make')[0], { name: 'laptop', path: '/', write: true })
})

test('webdav revoke ends one, however its id is typed, and says when there is none', async () => {
  const { control } = await both(['webdav', 'revoke', 'k7m29'], { 'appPasswords.revoke': () => ({}) })
  assert.deepEqual(control.asked('appPasswords.revoke')[0], { id: 'K7M29' })
  const refusing = () => {
    throw new HoltError('NOT_FOUND', 'there is no such app password')
  }
  const { exitCode } = await holt(['webdav', 'revoke', 'XXXXX'], { control: new FakeControl({ 'appPasswords.revoke': refusing }) })
  assert.notEqual(exitCode, 0)
})
