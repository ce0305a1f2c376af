import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@holt/core/bytes.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { applySnapshot, decodeVatState, encodeVatState, MemoryHistory } from './snapshot.ts'
import { SNAPSHOT_PAGE_BYTES } from './types.ts'

/** The example of docs/formats.md §7. */
const example =
  'a46176016262790167676c6f62616c7382a26474797065636e756d6576616c7565480000000000003040a26474797065636936346576616c756548ffffffffffffffff68706f696e74657273821910001a00020000'

test('the state of a vat is written and read as the format says', () => {
  const state = {
    globals: [
      { type: 'num', value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0x30, 0x40) },
      { type: 'i64', value: new Uint8Array(8).fill(255) },
    ],
    pointers: [4096, 131072],
  }
  assert.equal(toHex(encodeVatState(state)), example)
  assert.deepEqual(decodeVatState(fromHex(example) as Uint8Array), state)
})

test('the state of another version, of another meter, or cut off is refused with a code', () => {
  const altered = (at: number, value: number) => {
    const bytes = fromHex(example) as Uint8Array
    bytes[at] = value
    return bytes
  }
  const version = altered(3, 2)
  const meter = altered(7, 2)
  assert.throws(
    () => decodeVatState(version),
    (error) => isHoltError(error, 'UNSUPPORTED_VERSION'),
  )
  assert.throws(
    () => decodeVatState(meter),
    (error) => isHoltError(error, 'UNSUPPORTED_VERSION'),
  )
  assert.throws(
    () => decodeVatState((fromHex(example) as Uint8Array).subarray(0, 40)),
    (error) => isHoltError(error, 'MALFORMED'),
  )
})

test('only pages that changed are told, those beside each other as one, also when memory grew', () => {
  const page = SNAPSHOT_PAGE_BYTES
  const history = new MemoryHistory(new Uint8Array())
  const memory = new Uint8Array(8 * page)
  memory[0] = 1
  memory[page] = 1
  memory[5 * page + 17] = 1
  const first = history.changesTo(memory)
  assert.deepEqual(
    first.map(({ at, bytes }) => [at / page, bytes.length / page]),
    [
      [0, 2],
      [5, 1],
    ],
  )
  assert.deepEqual(history.changesTo(memory), [])
  const larger = new Uint8Array(16 * page)
  larger.set(memory)
  larger[16 * page - 1] = 9
  const second = history.changesTo(larger)
  assert.deepEqual(
    second.map(({ at, bytes }) => [at / page, bytes.length / page]),
    [[15, 1]],
  )
  const state = new Uint8Array()
  const image = applySnapshot(applySnapshot(null, { memoryBytes: memory.length, state, runs: first }), {
    memoryBytes: larger.length,
    state,
    runs: second,
  })
  assert.deepEqual(image.memory, larger)
})

test('a snapshot with pages outside of its memory is refused', () => {
  const runs = [{ at: SNAPSHOT_PAGE_BYTES, bytes: new Uint8Array(SNAPSHOT_PAGE_BYTES) }]
  assert.throws(
    () => applySnapshot(null, { memoryBytes: SNAPSHOT_PAGE_BYTES, state: new Uint8Array(), runs }),
    (error) => isHoltError(error, 'MALFORMED'),
  )
})
