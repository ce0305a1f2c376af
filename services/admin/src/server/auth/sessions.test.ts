import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { OWNER } from './caller.ts'
import { Sessions } from './sessions.ts'

test('on a full drive one can sign in, and whoever signed out stays out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-sessions-'))
  try {
    const sessions = await Sessions.open(folder)
    const before = await sessions.start({ person: OWNER, device: '', address: '' })
    // every write of the file goes where there is never any room
    await symlink('/dev/full', join(folder, 'sessions.json.new'))
    const token = await sessions.start({ person: OWNER, device: '', address: '' })
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

test('sessions of before there were people are the owner’s, and not confirmed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-sessions-'))
  try {
    const token = 'A'.repeat(43)
    const hash = createHash('sha256').update(token).digest('hex')
    const record = { hash, createdMs: Date.now(), seenMs: Date.now() }
    await writeFile(
      join(folder, 'sessions.json'),
      JSON.stringify({ v: 1, sessions: [record], devices: [{ ...record, hash: 'b'.repeat(64) }] }),
    )
    const sessions = await Sessions.open(folder)
    const found = sessions.find(token)
    assert.equal(found?.person, OWNER)
    assert.ok(found !== null && !sessions.isConfirmed(found))
    await writeFile(join(folder, 'sessions.json'), JSON.stringify({ v: 3, sessions: [], devices: [] }))
    await assert.rejects(Sessions.open(folder), { code: 'MALFORMED' })
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('nobody pushes the sessions of somebody else out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holt-sessions-'))
  try {
    const sessions = await Sessions.open(folder)
    const first = await sessions.start({ person: OWNER, device: '', address: '' })
    const theirs = await sessions.start({ person: 'abcdefabcdef', device: '', address: '' })
    for (let i = 0; i < 40; i++) await sessions.start({ person: 'abcdefabcdef', device: 'x'.repeat(500), address: '' })
    assert.ok(sessions.isOpen(first) && !sessions.isOpen(theirs))
    assert.equal(sessions.listOf('abcdefabcdef').length, 32)
    assert.ok((await Sessions.open(folder)).isOpen(first))
  } finally {
    await rm(folder, { recursive: true })
  }
})
