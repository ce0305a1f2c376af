import assert from 'node:assert/strict'
import { appendFile, chmod, cp, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, temporaryFolder } from './harness.ts'
import { compareTrees, makeTree } from './trees.ts'

test('the same seed makes the same tree, another seed another', async (context) => {
  const folder = await temporaryFolder(context)
  for (const [name, seed] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const) {
    await makeTree(join(folder, name), { seed, files: 60 })
  }
  assert.deepEqual(await compareTrees(join(folder, 'a'), join(folder, 'b')), [])
  assert.ok((await compareTrees(join(folder, 'a'), join(folder, 'c'))).length > 20)
})

test('sees every kind of difference', async (context) => {
  const folder = await temporaryFolder(context)
  const original = join(folder, 'original')
  await mkdir(join(original, 'sub'), { recursive: true })
  await writeFile(join(original, 'file'), 'content')
  await symlink('file', join(original, 'link'))
  let copies = 0
  const after = async (change: (copy: string) => Promise<unknown>): Promise<number> => {
    const copy = join(folder, `copy ${++copies}`)
    assert.equal((await run('cp', ['-a', original, copy])).exitCode, 0)
    await change(copy)
    return (await compareTrees(original, copy)).length
  }
  assert.equal(await after(async () => {}), 0)
  assert.equal(await after((copy) => chmod(join(copy, 'file'), 0o600)), 1)
  assert.equal(await after((copy) => utimes(join(copy, 'file'), 5, 5)), 1)
  assert.ok((await after((copy) => appendFile(join(copy, 'file'), 'x'))) >= 1)
  assert.ok((await after((copy) => rm(join(copy, 'file')))) >= 1)
  assert.ok((await after((copy) => writeFile(join(copy, 'sub/new'), ''))) >= 1)
  assert.ok((await after((copy) => rename(join(copy, 'sub'), join(copy, 'other')))) >= 2)
  assert.ok(
    (await after(async (copy) => {
      await rm(join(copy, 'link'))
      await symlink('elsewhere', join(copy, 'link'))
    })) >= 1,
  )
  assert.ok(
    (await after(async (copy) => {
      await rm(join(copy, 'link'))
      await cp(join(copy, 'file'), join(copy, 'link'))
    })) >= 1,
  )
})
