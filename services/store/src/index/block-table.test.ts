import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { BlockLocation } from './block-location.ts'
import { BlockTable, ENTRY_WORDS, keyWords } from './block-table.ts'

/** Few different digests, so that the same ones and such as begin alike come often. */
const digests = fc.uint8Array({ minLength: 32, maxLength: 32, max: 1 })
const entries = fc.array(fc.tuple(digests, fc.nat(5), fc.nat(2 ** 32 - 1), fc.nat(2 ** 21)), { maxLength: 3000 })

test('finds the same places as a map, and lists all in order', () => {
  fc.assert(
    fc.property(entries, (added) => {
      const table = new BlockTable()
      const model = new Map<string, BlockLocation[]>()
      for (const [digest, pack, offset, length] of added) {
        table.add(digest, { pack, offset, length })
        const key = digest.subarray(0, 16).join()
        const places = model.get(key) ?? []
        if (!places.some((place) => place.pack === pack && place.offset === offset)) places.push({ pack, offset, length })
        model.set(key, places)
      }
      for (const [digest] of added) {
        const found: BlockLocation[] = []
        table.find(keyWords(digest), found)
        assert.deepEqual(ordered(found), ordered(model.get(digest.subarray(0, 16).join()) ?? []))
      }
      const sorted = table.sorted()
      assert.equal(sorted.length, table.count * ENTRY_WORDS)
      assert.equal(table.count, [...model.values()].flat().length)
      for (let at = ENTRY_WORDS; at < sorted.length; at += ENTRY_WORDS) assert.ok(compare(sorted, at - ENTRY_WORDS, at) < 0)
    }),
    { numRuns: 60 },
  )
})

function ordered(places: BlockLocation[]): string[] {
  return places.map(({ pack, offset, length }) => `${pack} ${offset} ${length}`).sort()
}

function compare(words: Uint32Array, a: number, b: number): number {
  for (let i = 0; i < 6; i++) if (words[a + i] !== words[b + i]) return (words[a + i] as number) - (words[b + i] as number)
  return 0
}
