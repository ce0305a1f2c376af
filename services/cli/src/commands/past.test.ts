import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { TrashItem } from '@holt/control/trash.ts'
import { covering, entry, notThere } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'
import { localTime } from '../format.ts'

const { both } = covering('past')

test('versions shows numbers, times and what was there', async () => {
  const versions = [
    { sequence: 12, time: 1_790_000_000, entry: entry('a') },
    { sequence: 7, time: 1_780_000_000, entry: null },
  ]
  const { text, json, control } = await both(['versions', 'a', '--limit', '5'], { 'files.versions': () => ({ versions }) })
  assert.deepEqual(json, { path: '/a', versions })
  assert.deepEqual(text.out.split('\n').slice(1, 3), [
    `     12  ${localTime(1_790_000_000)}  1.5 KiB`,
    `      7  ${localTime(1_780_000_000)}  was not there`,
  ])
  assert.deepEqual(control.asked('files.versions')[0], { path: '/a', limit: 5 })
  assert.equal((await holt(['versions', 'a', '--limit', 'x'], { control })).exitCode, 2)
})

test('restore needs a version and may take another name', async () => {
  const { text, json, control } = await both(['restore', 'a', '--at', '7', '--to', 'old/a'], { 'files.restore': () => ({}) })
  assert.deepEqual(json, { path: '/old/a', from: '/a', at: 7 })
  assert.equal(text.out, 'Restored /old/a.\n')
  assert.deepEqual(control.asked('files.restore')[0], { path: '/a', at: 7, to: '/old/a' })
  assert.equal((await holt(['restore', 'a'], { control })).exitCode, 2)
})

test('retention shows the rules and sets only when something changes', async () => {
  const rules = { keepAllHours: 24, hourlyDays: 7, dailyDays: 365, trashDays: 30 }
  const answers: FakeAnswers = { 'retention.get': () => rules, 'retention.set': () => ({}) }
  const shown = await both(['retention'], answers)
  assert.match(shown.text.out, /^All versions for 24 hours,\nthen the last of each hour for 7 days,/)
  assert.deepEqual(shown.control.asked('retention.set'), [])
  const changed = await both(['retention', '--daily', '3650'], answers)
  assert.deepEqual(changed.json, { ...rules, dailyDays: 3650 })
  assert.deepEqual(changed.control.asked('retention.set')[0], { ...rules, dailyDays: 3650 })
})

test('rm --trash moves to the trash; it is listed, put back by path or id, emptied', async () => {
  const item = (id: string, path: string): TrashItem => ({ id, path, removed: 1_790_000_000, entry: entry(path.slice(1)) })
  const items = [item('2-b', '/a'), item('1-a', '/a'), item('3-c', '/b\u001b')]
  const answers: FakeAnswers = {
    'trash.put': () => ({ items: [items[0] as TrashItem] }),
    'trash.list': ({ after }) => (after === undefined ? { items: items.slice(0, 2), more: true } : { items: items.slice(2), more: false }),
    'trash.restore': () => ({ paths: ['/a'] }),
    'trash.empty': () => ({ removed: 3 }),
  }
  const put = await both(['rm', '-t', 'a'], answers)
  assert.equal(put.text.out, 'Moved /a to the trash.\n')
  assert.deepEqual(put.control.asked('trash.put')[0], { paths: ['/a'] })
  assert.deepEqual(put.control.asked('files.remove'), [])
  for (const line of [['trash'], ['trash', 'list']]) {
    const { text, json } = await both(line, answers)
    assert.deepEqual(json, { items })
    assert.ok(text.out.includes('/b\\x1b') && !text.out.includes('\u001b'))
  }
  const back = await both(['trash', 'restore', 'a', '3-c', '--force'], answers)
  assert.equal(back.text.out, 'Restored /a.\n')
  assert.deepEqual(back.control.asked('trash.restore')[0], { ids: ['2-b', '3-c'], onConflict: 'replace' })
  assert.equal(
    (await holt(['trash', 'restore', 'zzz'], { control: back.control })).exitCode,
    (await holt(['ls', '/none'], { control: new FakeControl({ 'files.list': notThere }) })).exitCode,
  )
  const emptied = await both(['trash', 'empty'], answers)
  assert.equal(emptied.text.out, 'Removed 3 items for good.\n')
  assert.deepEqual(emptied.control.asked('trash.empty')[0], {})
  assert.deepEqual((await both(['trash', 'empty', 'a'], answers)).control.asked('trash.empty')[0], { ids: ['2-b'] })
})
