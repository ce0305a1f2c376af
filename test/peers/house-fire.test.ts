import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterwards, temporaryFolder } from './harness.ts'
import { houseFire } from './house-fire.ts'

test('a house burns, and another one; a new node with the words has every file again, and then needs no friend', async (context) => {
  const folder = await temporaryFolder(context)
  const lines: string[] = []
  const result = await houseFire({
    folder,
    // more than a pack, so that both what is sealed and what is still written to come back
    sizeBytes: 72 << 20,
    nodeCount: 5,
    alsoBurnt: 1,
    say: (line) => lines.push(line),
    onNode: (node) => afterwards(context, () => node.kill()),
  }).catch((error: unknown) => {
    throw new Error(`after:\n${lines.join('\n')}`, { cause: error })
  })
  assert.deepEqual(result.differing, [])
  assert.ok(result.files > 20 && result.linkRate > 0)
})
