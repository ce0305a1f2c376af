import assert from 'node:assert/strict'
import test from 'node:test'
import { equalBytes } from '@holt/core/bytes.ts'
import { issueWritecap } from './caps/writecap.ts'
import { symlink, TreeWorld } from './tree-world.ts'
import type { Keys, Volume } from './types.ts'

/** A volume with another one grafted at /inner/other. */
async function grafted(): Promise<{ world: TreeWorld; other: TreeWorld; volume: Volume; inner: Volume }> {
  const world = new TreeWorld()
  const other = new TreeWorld()
  other.store = world.store
  let innerHead: Uint8Array | null = null
  const inner = await other.create({ onEvent: () => void ([innerHead = null] = world.store.heads()) })
  await inner.edit((edit) => edit.makeDirectory('/a'))
  const volume = await world.create({ resolveVolume: async (id) => (equalBytes(id, other.options.id) ? innerHead : null) })
  await volume.edit(async (edit) => {
    await edit.makeDirectory('/inner')
    const { id, owner, salt, keys } = other.options
    await edit.graft('/inner/other', { id, owner, salt, keys: keys as Keys })
  })
  return { world, other, volume, inner }
}

test('paths go on in a grafted volume, at its newest version', async () => {
  const { other, volume, inner } = await grafted()
  assert.equal((await volume.current().stat('/inner/other'))?.t, 'v')
  await other.put(inner, '/a/file', 'in the other')
  const now = volume.current()
  assert.deepEqual(
    (await now.list('/inner/other')).entries.map(({ name }) => name),
    ['a'],
  )
  assert.equal(await (await now.openFile('/inner/other/a/file')).text(), 'in the other')
  assert.equal((await now.stat('/inner/other/a'))?.t, 'd')
  assert.equal(await now.stat('/inner/other/b'), null)
  assert.equal(await now.redundancyClass('/inner/other/a/new'), 'standard')
})

test('a grafted volume is edited through itself only', async () => {
  const { volume } = await grafted()
  await volume.edit(async (edit) => {
    const code = { code: 'NOT_AUTHORIZED' }
    await assert.rejects(edit.makeDirectory('/inner/other/b'), code)
    await assert.rejects(edit.putEntries('/inner/other', [{ name: 'x', entry: symlink('y') }]), code)
    await assert.rejects(edit.putEntries('/inner/other/a', [{ name: 'x', entry: symlink('y') }]), code)
    await assert.rejects(edit.move('/inner/other/a', '/a'), code)
    await assert.rejects(edit.move('/inner', '/inner2/other/a/x'), { code: 'NOT_FOUND' })
    await assert.rejects(edit.remove('/inner/other/a', { recursive: true }), code)
    await assert.rejects(edit.setAttributes('/inner/other/a', { m: 0 }), code)
    await assert.rejects(edit.write('/inner/other/a', 0, new Uint8Array(1)), code)
    await assert.rejects(
      edit.graft('/inner/other/c', {
        id: new Uint8Array(16),
        owner: new Uint8Array(32),
        salt: new Uint8Array(16),
        keys: [new Uint8Array(32)],
      }),
      code,
    )
    await assert.rejects(edit.remove('/inner/other'), { code: 'NOT_EMPTY' }, 'its keys lie nowhere else')
    await edit.makeDirectory('/inner/other/a', { parents: true })
  })
  await assert.rejects(volume.revokeReaders('/inner/other'), { code: 'INPUT_INVALID' })
})

test('a graft itself moves and goes like a directory', async () => {
  const { volume } = await grafted()
  await volume.edit((edit) => edit.move('/inner/other', '/moved'))
  assert.equal((await volume.current().stat('/moved/a'))?.t, 'd')
  await assert.rejects(
    volume.edit((edit) => edit.makeDirectory('/moved')),
    { code: 'ALREADY_EXISTS' },
  )
  await volume.edit((edit) => edit.remove('/moved', { recursive: true }))
  assert.equal(await volume.current().stat('/moved'), null)
})

test('without a head of the grafted volume, or with a head of another, nothing is made up', async () => {
  const { world, volume } = await grafted()
  await volume.close()
  const blind = await world.reopen()
  assert.equal((await blind.current().stat('/inner/other'))?.t, 'v')
  await assert.rejects(blind.current().list('/inner/other'), { code: 'NOT_FOUND' })
  await assert.rejects(blind.current().stat('/inner/other/a'), { code: 'NOT_FOUND' })
  const [own = null] = world.store.heads()
  const misled = await world.reopen({ resolveVolume: async () => own })
  await assert.rejects(misled.current().list('/inner/other'), { code: 'MALFORMED' })
})

test('who holds a writecap of a path commits there and nowhere else', async () => {
  const world = new TreeWorld()
  const volume = await world.create()
  await volume.edit((edit) => edit.makeDirectory('/shared'))
  await volume.edit((edit) => edit.makeDirectory('/private'))
  await volume.close()
  const { crypto } = world
  const seed = crypto.randomBytes(32)
  const publicKey = crypto.ed25519PublicKey(seed)
  const writecap = issueWritecap(crypto, world.options.id, { subject: publicKey, path: '/shared' }, world.seed)
  const guest = await world.reopen({ signer: { seed, publicKey, chain: [writecap] } })
  await world.put(guest, '/shared/file', 'from a guest')
  const code = { code: 'NOT_AUTHORIZED' }
  await guest.edit(async (edit) => {
    await assert.rejects(edit.makeDirectory('/private/x'), code)
    await assert.rejects(edit.putEntries('/', [{ name: 'x', entry: symlink('y') }]), code)
    await assert.rejects(edit.putEntries('/private', [{ name: 'x', entry: symlink('y') }]), code)
    await assert.rejects(edit.move('/shared/file', '/private/file'), code)
    await assert.rejects(edit.remove('/private'), code)
    await assert.rejects(edit.setAttributes('/', { m: 0 }), code)
  })
  await assert.rejects(guest.revokeReaders('/'), code)
  await guest.close()
  const owner = await world.reopen()
  assert.equal(await (await owner.current().openFile('/shared/file')).text(), 'from a guest')
})
