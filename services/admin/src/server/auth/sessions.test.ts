import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Sessions } from './sessions.ts'

test('on a full drive one can sign in, and whoever signed out stays out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-sessions-'))
  try {
    const sessions = await Sessions.open(folder)
    const before = await sessions.start()
    // every write of the file goes where there is never any room
    await symlink('/dev/full', join(folder, 'sessions.json.new'))
    const token = await sessions.start()
    assert.ok(sessions.isOpen(token))
    assert.ok((await Sessions.open(folder)).isOpen(before), 'older sessions outlive a restart')

    await sessions.end(before)
    assert.ok(sessions.isOpen(token) && !sessions.isOpen(before))
    assert.ok(!existsSync(join(folder, 'sessions.json')))
    assert.ok(!(await Sessions.open(folder)).isOpen(before))

    await rm(join(folder, 'sessions.json.new'))
    await sessions.startDevice()
    assert.ok((await Sessions.open(folder)).isOpen(token), 'with room again it is kept')
  } finally {
    await rm(folder, { recursive: true })
  }
})
