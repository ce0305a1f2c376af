import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sortKey } from '../ui/files/sort-keys.ts'

test('names sort as people expect', () => {
  const sorted = ['apple', 'Äpfel', 'Banana', 'IMG_2.jpg', 'IMG_10.jpg', 'img_010b.jpg', 'IMG_100.jpg', 'zoo', '水']
  const mixed = sorted.map((_, i) => sorted[(i * 5 + 3) % sorted.length] as string)
  assert.equal(new Set(mixed).size, sorted.length)
  assert.deepEqual(
    mixed.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)).map((name) => name),
    ['Äpfel', 'apple', 'Banana', 'IMG_2.jpg', 'IMG_10.jpg', 'img_010b.jpg', 'IMG_100.jpg', 'zoo', '水'],
  )
  assert.equal(sortKey('É 007'), sortKey('e 7'))
  assert.ok(sortKey('0') < sortKey('00001'))
})
