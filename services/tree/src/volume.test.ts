import assert from 'node:assert/strict'
import test from 'node:test'
import { webCrypto } from '@holt/core/web-crypto.ts'
import { symlink, TreeWorld } from './tree-world.ts'

for (const [name, crypto] of [
  ['crypto that gives values', undefined],
  ['crypto that gives promises', webCrypto],
] as const) {
  test(`puts files and directories and finds them after opening again, with ${name}`, async () => {
    const world = new TreeWorld(crypto)
    const volume = await world.create()
    await volume.edit((edit) => edit.makeDirectory('/a/b', { parents: true }))
    await world.put(volume, '/a/b/hello.txt', 'hello\nworld\n')
    await volume.edit((edit) => edit.putEntries('/a', [{ name: 'link', entry: symlink('b/hello.txt') }]))
    await volume.close()

    const again = await world.reopen()
    const now = again.current()
    assert.equal(now.sequence, 4)
    assert.deepEqual(
      (await now.list('/a')).entries.map(({ name }) => name),
      ['b', 'link'],
    )
    assert.equal(await (await now.openFile('/a/b/hello.txt')).text(), 'hello\nworld\n')
    assert.equal(await now.stat('/a/c'), null)
    assert.equal((await now.stat('/a/link'))?.t, 'l')
  })
}
