import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FakeAnswers } from '@holt/control/fake-control.ts'
import type { DriveInfo } from '@holt/control/schema.ts'
import { covering, drive } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('drives')

test('drives are listed, added and removed by folder or id', async () => {
  const missing: DriveInfo = { ...drive, id: 'cd34', folder: '/mnt/b\u001b', state: 'missing', problem: 'the folder is gone' }
  const answers: FakeAnswers = {
    'drives.list': () => ({ drives: [drive, missing] }),
    'drives.add': () => drive,
    'drives.remove': () => ({}),
  }
  for (const line of [['drives'], ['drives', 'list']]) {
    const { text, json } = await both(line, answers)
    assert.deepEqual(json, { drives: [drive, missing] })
    assert.match(text.out, /^ok {7}466 GiB {2}931 GiB {2}4\.0 KiB {9}17 {2}\/mnt\/a$/m)
    assert.match(text.out, /^missing .* {2}\/mnt\/b\\x1b {2}\(the folder is gone\)$/m)
  }
  const added = await both(['drives', 'add', 'usb', '/mnt/c'], answers)
  assert.deepEqual(added.control.asked('drives.add').slice(0, 2), [{ folder: '/home/ann/usb' }, { folder: '/mnt/c' }])
  const removed = await both(['drives', 'remove', '/mnt/a', '--force'], answers)
  assert.deepEqual(removed.control.asked('drives.remove')[0], { folder: 'ab12', force: true })
  assert.equal(removed.text.out, 'Removed /mnt/a; 1 drive left.\n')
  assert.deepEqual((await both(['drives', 'remove', 'ab12'], answers)).json, { removed: '/mnt/a' })
})

test('classes are listed, set, and used for a path', async () => {
  const classes = [
    { name: 'standard', dataFragments: 4, totalFragments: 6, setByOwner: false, packs: 10, packBytes: 1 << 30, lossesSurvived: 2 },
    { name: 'odd', dataFragments: 1, totalFragments: 1, setByOwner: true, packs: 0, packBytes: 0, lossesSurvived: -1 },
  ]
  const listed = await both(['class', 'list'], { 'classes.list': () => ({ classes }) })
  assert.deepEqual(listed.json, { classes })
  assert.match(listed.text.out, /^standard {2}4-of-6 \(chosen by the node\) +10 {2}1\.0 GiB {2}2 drives$/m)
  assert.match(listed.text.out, /^odd .* some is lost already$/m)
  const set = await both(['class', 'set', 'precious', '2-of-6'], { 'classes.set': () => ({}) })
  assert.deepEqual(set.control.asked('classes.set')[0], { name: 'precious', dataFragments: 2, totalFragments: 6 })
  const used = await both(['class', 'photos', 'precious'], { 'files.setClass': () => ({}) })
  assert.deepEqual(used.json, { path: '/photos', redundancyClass: 'precious' })
  assert.deepEqual((await both(['class', 'photos', '-'], { 'files.setClass': () => ({}) })).json, {
    path: '/photos',
    redundancyClass: null,
  })
  assert.equal((await holt(['class', 'set', 'x', '6/4'], { control: used.control })).exitCode, 2)
})
