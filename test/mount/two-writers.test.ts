import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { twoNodes } from '../peers/cluster-world.ts'
import { afterwards, run, temporaryFolder, until } from '../peers/harness.ts'
import { MountWorld, runIn } from './world.ts'

const ROUNDS = 30

/** Files of its own, and one that both write; each is synced before the next. */
const writer = `
import os, sys
who, rounds = sys.argv[1], int(sys.argv[2])
def write(name, text):
    with open(name, 'w') as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
for i in range(1, rounds + 1):
    write('%s %d' % (who, i), '%s wrote %d' % (who, i))
    write('shared', '%s %d' % (who, i))
`

test('two nodes write in one tree at once: both come to the same, what one of them synced stands, and of what both did one stands', async (context) => {
  const below = await temporaryFolder(context)
  const nodes = await twoNodes(context, below)
  const worlds = nodes.map(({ node, name }) => new MountWorld(node, join(below, `${name}-places`)))
  for (const world of worlds) {
    afterwards(context, () => run('umount', ['-i', '-l', world.folder]))
    await world.mount()
  }
  await Promise.all(worlds.map(({ folder }, i) => runIn(folder, 'python3', ['-c', writer, nodes[i]?.name as string, String(ROUNDS)])))

  const numbers = Array.from({ length: ROUNDS }, (_, i) => i + 1)
  const own = nodes.flatMap(({ name }) => numbers.map((i) => [`${name} ${i}`, `${name} wrote ${i}`] as const))
  const wanted = [...own, ...nodes.map(({ name }) => ['shared', `${name} ${ROUNDS}`] as const)]
  for (const { folder } of worlds) await until('all names', async () => (await readdir(folder)).length === own.length + 1)
  const contents = (name: string): Promise<string[]> => Promise.all(worlds.map(({ folder }) => readFile(join(folder, name), 'utf8')))
  for (const [name, text] of wanted) {
    await until(`${name} to be alike`, async () => new Set(await contents(name)).size === 1)
    const [stands] = await contents(name)
    if (stands === text) continue
    assert.equal(name, 'shared', `${name} is '${stands}'`)
    const versions = await Promise.all(worlds.map(({ folder }) => contentsOf(join(folder, '.holt/versions', name))))
    assert.ok(versions.flat().includes(text), `${text} is in no version: ${versions.join('; ')}`)
  }
})

async function contentsOf(folder: string): Promise<string[]> {
  return Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')))
}
