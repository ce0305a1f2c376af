import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FakeAnswers } from '@holt/control/fake-control.ts'
import type { FoldersStatus } from '@holt/control/folders.ts'
import { covering } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('folders')

const BEN = '12D3KooWBenOwner'
const ANNA = '12D3KooWAnnaOwner'
const given = {
  id: `ab${'0'.repeat(30)}`,
  path: '/photos',
  here: true,
  missing: false,
  readers: [{ friend: BEN, name: 'Ben', since: 1 }],
  grants: [{ id: 'c'.repeat(32), friend: BEN, path: '/june', expires: null, depth: 1 }],
  requests: [{ id: `d1${'0'.repeat(14)}`, friend: BEN, name: 'Ben\u001b[31m', path: '/july', note: 'please', made: 1 }],
}
const nothing = { writable: [], writeEnds: null, handOn: 0, lost: null, unsent: false, asked: [], problem: null }
const offered = {
  id: `e1${'0'.repeat(30)}`,
  friend: ANNA,
  name: 'Anna',
  label: 'recipes',
  state: 'offered' as const,
  path: null,
  ...nothing,
}
const here = {
  ...offered,
  id: `e2${'0'.repeat(30)}`,
  state: 'here' as const,
  path: '/shared/Anna/books',
  lost: 'CAP_REVOKED' as const,
  unsent: true,
}
const status: FoldersStatus = { running: true, given: [given], taken: [offered, here] }
const friend = (name: string, owner: string) => ({
  peer: `12D3KooW${name}`,
  name,
  own: false,
  connected: true,
  nearby: false,
  addresses: [],
  seen: null,
  problem: null,
  relation: { id: 'a'.repeat(32), relation: 'friend' as const, made: 1, owner },
})
const answers: FakeAnswers = {
  'folders.list': () => status,
  'peers.list': () => ({
    on: true,
    reach: null,
    running: true,
    self: 'x',
    addresses: [],
    problem: null,
    peers: [friend('Ben', BEN), friend('Benny', 'another'), friend('Anna', ANNA)],
  }),
  'folders.share': () => given,
  'folders.approve': () => given,
  'folders.letWrite': () => given,
  'folders.unshare': () => ({}),
  'folders.refuse': () => ({}),
  'folders.revoke': () => ({}),
  'folders.accept': () => ({}),
  'folders.decline': () => ({}),
  'folders.leave': () => ({}),
  'folders.takeOver': () => ({}),
  'folders.ask': () => ({}),
  'folders.handOn': () => ({}),
}

test('folders shows who reads and writes what, and what friends share', async () => {
  const { text, json } = await both(['folders'], answers)
  assert.deepEqual(json, status)
  assert.match(text.out, /ab000000 {2}\/photos +Ben +writes \/june\n/)
  assert.match(text.out, /e1000000 {2}recipes +Anna +offered *\n/)
  assert.match(text.out, /e2000000 {2}\/shared\/Anna\/books +Anna +read +writing was taken back, changed here only\n/)
})

test('share --with gives a folder to the friend who is meant, and to nobody when that is not clear', async () => {
  const { text, control } = await both(['share', 'photos', '--with', 'Anna'], answers)
  assert.equal(text.out, 'Anna can take /photos now, and read it.\n')
  assert.deepEqual(control.asked('folders.share')[0], { path: '/photos', friend: ANNA })
  const unclear = await holt(['share', 'photos', '--with', 'Ben'], { control })
  assert.match(unclear.err, /more than one friend/)
})

test('share --invite shows a code, and shares the folder with who pairs by it', async () => {
  const code = { code: 'AB12-CD34', link: 'holt:pair?code=AB12-CD34', relation: 'friend' as const, ends: 2, triesLeft: 3 }
  const all = {
    ...answers,
    'files.stat': () => ({ name: 'photos', type: 'directory' as const, sizeBytes: 0, mode: 0o755, modified: 1 }),
    'peers.showCode': () => ({ ...code, paired: null }),
    'peers.code': () => ({ shown: { ...code, paired: '12D3KooWAnna' } }),
    'peers.hideCode': () => ({}),
  }
  const { text, control } = await both(['share', 'photos', '--invite'], all)
  assert.match(text.err + text.out, /AB12-CD34[\s\S]*Anna can take \/photos now/)
  assert.deepEqual(control.asked('folders.share')[0], { path: '/photos', friend: ANNA })
})

test('folders are taken, left, declined and ended by as much of the id as is clear', async () => {
  const taken = await both(['folders', 'take', 'e1'], answers)
  assert.deepEqual(taken.control.asked('folders.accept')[0], { id: offered.id })
  const declined = await both(['folders', 'leave', 'e1'], answers)
  assert.deepEqual(declined.control.asked('folders.decline')[0], { id: offered.id })
  const left = await both(['folders', 'leave', 'e2'], answers)
  assert.deepEqual(left.control.asked('folders.leave')[0], { id: here.id })
  assert.deepEqual((await both(['folders', 'here', 'ab'], answers)).control.asked('folders.takeOver')[0], { id: given.id })
  const ended = await both(['folders', 'end', 'ab', '--with', BEN], answers)
  assert.deepEqual(ended.control.asked('folders.unshare')[0], { id: given.id, friend: BEN })
  assert.match((await both(['folders', 'end', 'ab'], answers)).text.out, /Nobody reads \/photos any more/)
  assert.match((await holt(['folders', 'take', 'e'], { control: taken.control })).err, /more than one/)
})

test('requests are shown without what a terminal would obey, approved with path, days and depth, refused, made and taken back', async () => {
  const shown = await both(['requests'], answers)
  assert.match(shown.text.out, /d1000000 {2}Ben.* +\/photos\/july +\S+ \S+ +please\n/)
  assert.equal(shown.text.out.includes('\u001b'), false)
  const approved = await both(['requests', 'approve', 'd1', '--path', 'june', '--days', '7', '--depth', '2'], answers)
  const right = approved.control.asked('folders.approve')[0] as { path: string; expires: number; depth: number }
  assert.deepEqual([right.path, right.depth], ['/june', 2])
  assert.ok(Math.abs(right.expires - Date.now() / 1000 - 7 * 86_400) < 600)
  const asked = (await both(['requests', 'approve', 'd1', '--forever'], answers)).control.asked('folders.approve')[0]
  assert.deepEqual(asked, { id: given.id, request: given.requests[0]?.id, path: '/july', expires: null, depth: 0 })
  const refused = await both(['requests', 'refuse', 'd1'], answers)
  assert.deepEqual(refused.control.asked('folders.refuse')[0], { id: given.id, request: given.requests[0]?.id })
  const ask = await both(['requests', 'ask', 'e2', '--note', 'more'], answers)
  assert.deepEqual(ask.control.asked('folders.ask')[0], { id: here.id, path: '/', note: 'more' })
  const allow = await both(['requests', 'allow', 'ab', BEN, '--forever'], answers)
  assert.deepEqual(allow.control.asked('folders.letWrite')[0], { id: given.id, friend: BEN, path: '/', expires: null, depth: 0 })
  const handed = await both(['requests', 'allow', 'e2', BEN, '--path', 'a', '--forever'], answers)
  assert.deepEqual(handed.control.asked('folders.handOn')[0], { id: here.id, friend: BEN, path: '/a', expires: null, depth: 0 })
  const revoke = await both(['requests', 'revoke', 'ab', BEN], answers)
  assert.deepEqual(revoke.control.asked('folders.revoke')[0], { id: given.id, grant: given.grants[0]?.id })
  for (const wrong of [
    ['--days', '0'],
    ['--days', '1', '--forever'],
    ['--depth', 'x'],
  ])
    assert.equal((await holt(['requests', 'approve', 'd1', ...wrong], { control: shown.control })).exitCode, 2)
})
