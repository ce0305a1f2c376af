import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { treeSource } from '../grafts.ts'
import { NodeReader } from '../node-reader.ts'
import { TreeSnapshot } from '../snapshot.ts'
import { syncCrypto as crypto, TreeWorld } from '../tree-world.ts'
import type { Snapshot, Volume } from '../types.ts'
import { acceptHead } from './accept-head.ts'
import { parseHead } from './head.ts'
import { attenuateReadcap, issueReadcap, type Readcap } from './readcap.ts'
import { openReadcap, sealReadcap } from './sealed-readcap.ts'
import { verifyChange } from './verify-change.ts'
import { issueWritecap } from './writecap.ts'

globalThis.crypto ??= (await import('node:crypto')).webcrypto as unknown as Crypto

const refuses = (code: HoltErrorCode) => (error: unknown) => isHoltError(error, code)
const alice = crypto.randomBytes(32)
const alicePublic = crypto.ed25519PublicKey(alice)

async function familyVolume(): Promise<{ world: TreeWorld; volume: Volume }> {
  const world = new TreeWorld()
  const volume = await world.create()
  for (const path of ['/photos/2025', '/photos/2026', '/letters']) await volume.edit((edit) => edit.makeDirectory(path, { parents: true }))
  await world.put(volume, '/photos/2026/one', 'one')
  await world.put(volume, '/letters/secret', 'secret')
  return { world, volume }
}

function newestHead(world: TreeWorld) {
  return parseHead(world.store.heads()[0] as Uint8Array)
}

test('a delegated writer commits within its path, and readers can tell', async () => {
  const { world, volume } = await familyVolume()
  const { id, owner } = world.options
  const seen = newestHead(world)
  const before = await volume.at(volume.current().sequence)
  await volume.close()

  const chain = [issueWritecap(crypto, id, { subject: alicePublic, path: '/photos' }, world.seed)]
  const hers = await world.reopen({ signer: { seed: alice, publicKey: alicePublic, chain } })
  await world.put(hers, '/photos/2026/two', 'two')
  const offered = newestHead(world)
  assert.deepEqual([offered.writer, offered.owner, offered.seq], [alicePublic, owner, seen.seq + 1])
  const path = acceptHead(crypto, seen, offered, { nowSeconds: world.nowMs / 1000 })
  assert.equal(path, '/photos')
  await verifyChange(before, await hers.at(offered.seq), '/photos')
  await verifyChange(before, await hers.at(offered.seq), '/photos/2026')
  await assert.rejects(verifyChange(before, await hers.at(offered.seq), '/photos/2025'), refuses('NOT_AUTHORIZED'))
  await assert.rejects(verifyChange(before, await hers.at(offered.seq), '/letters'), refuses('NOT_AUTHORIZED'))
})

test('each kind of edit below a path passes, and fails for another path', async () => {
  const { world, volume } = await familyVolume()
  const edits: ((volume: Volume) => Promise<unknown>)[] = [
    (volume) => volume.edit((edit) => edit.write('/photos/2026/one', 0, new Uint8Array([1]))),
    (volume) => volume.edit((edit) => edit.move('/photos/2026/one', '/photos/2026/uno')),
    (volume) => volume.edit((edit) => edit.makeDirectory('/photos/2026/new')),
    (volume) => volume.edit((edit) => edit.remove('/photos/2026/new')),
    (volume) => volume.edit((edit) => edit.setAttributes('/photos/2026', { m: 0o700, cl: 'precious' })),
    (volume) => volume.revokeReaders('/photos/2026'),
    (volume) => world.put(volume, '/photos/2026/after', 'sealed with the new key'),
    (volume) => volume.edit((edit) => edit.remove('/photos/2026', { recursive: true })),
  ]
  for (const [number, edit] of edits.entries()) {
    const before = await volume.at(volume.current().sequence)
    await edit(volume)
    const after = await volume.at(volume.current().sequence)
    await verifyChange(before, after, '/photos/2026')
    await verifyChange(before, after, '/photos')
    for (const path of ['/letters', '/photos/2025'])
      await assert.rejects(verifyChange(before, after, path), refuses('NOT_AUTHORIZED'), `edit ${number}, ${path}`)
  }
})

test('changes that are not durable yet do not pass unseen', async () => {
  const { volume } = await familyVolume()
  const before = await volume.at(volume.current().sequence)
  let during: Snapshot | null = null
  const editing = volume.edit((edit) => edit.makeDirectory('/letters/more')).then(() => null)
  while (during === null) {
    const now = volume.current()
    if ((await now.stat('/letters/more')) !== null) during = now
    else await new Promise((resolve) => setImmediate(resolve)) // a slow edit lets go of the thread now and then
  }
  await assert.rejects(verifyChange(before, during, '/photos'), refuses('NOT_AUTHORIZED'))
  await editing
})

/** What the holder of a readcap of a directory reads with it. */
function openPart(world: TreeWorld, { target }: Readcap): Snapshot {
  assert.ok(target.t === 'entry' && target.entry.t === 'd')
  const reader = new NodeReader({ store: world.store, crypto })
  return new TreeSnapshot(target.entry, { source: treeSource(reader), sequence: 1, time: [0, 0] })
}

test('a readcap of a directory opens all under it, and a part of it less', async () => {
  const { world, volume } = await familyVolume()
  const { owner, salt, keys } = world.options
  const whole = issueReadcap(crypto, { label: 'all', owner, salt, target: { t: 'volume', k: keys as Uint8Array[] } }, world.seed)
  const photos = await attenuateReadcap(crypto, whole, { snapshot: volume.current(), path: '/photos', label: 'photos', seed: world.seed })
  const received = await openReadcap(crypto, await sealReadcap(crypto, photos, alicePublic), { seed: alice })
  const hers = openPart(world, received)
  assert.equal(await (await hers.openFile('/2026/one')).text(), 'one')
  assert.equal(await hers.stat('/letters'), null)
  const year = openPart(world, await attenuateReadcap(crypto, received, { snapshot: hers, path: '/2026', label: '', seed: alice }))
  assert.equal(await (await year.openFile('/one')).text(), 'one')
  assert.equal(await year.stat('/2025'), null)
})
