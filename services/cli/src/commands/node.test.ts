import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeControl } from '@holt/control/fake-control.ts'
import type { Status } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { covering, status } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('node')

test('status shows what matters, and what needs care', async () => {
  const { text, json } = await both(['status'], { 'node.status': () => status })
  assert.deepEqual(json, status)
  assert.match(text.out, /^State {5}ready$/m)
  assert.match(text.out, /^Stored {4}1\.2 GiB in 20 packs, 12 345 blocks; version 9 of the tree$/m)
  assert.match(text.out, /^Safety {4}everything is on its drives$/m)
  assert.match(text.out, /^Root key {2}not backed up: run/m)
  const safety = async (store: Partial<Status['store']>) => {
    const { out } = await holt(['status'], {
      control: new FakeControl({ 'node.status': () => ({ ...status, store: { ...status.store, ...store } }) }),
    })
    return /^Safety +(.*)$/m.exec(out)?.[1]
  }
  assert.equal(await safety({ unspreadBytes: 2048 }), '2.0 KiB still on the way to the drives')
  assert.match((await safety({ degradedPacks: 1, unspreadBytes: 5 })) ?? '', /^1 pack has fewer fragments/)
  assert.match((await safety({ lostPacks: 2, degradedPacks: 1 })) ?? '', /^2 packs cannot be rebuilt/)
  const restoring = { packs: 3, bytes: 2048, secondsLeft: 90 }
  const control = new FakeControl({ 'node.status': () => ({ ...status, restoring }) })
  assert.match(
    (await holt(['status'], { control })).out,
    /^Restoring +3 packs, 2\.0 KiB, are yet to come from friends, 1 min at this speed$/m,
  )
})

test('a new node says what to do next', async () => {
  const fresh: Status = { ...status, state: 'new', principal: null, pageUrl: null, sequence: 0 }
  const { text } = await both(['status'], { 'node.status': () => fresh })
  assert.match(text.out, /^State {4}new: run `holt init`/m)
  assert.doesNotMatch(text.out, /Stored/)
})

test('start becomes the node with the options that were given', async () => {
  const { err } = await holt(['start', '--data', 'box', '--port', '80', '--listen', '0.0.0.0', '--stdio'], { control: null })
  assert.match(err, /becomes the node with --data \/home\/ann\/box --port 80 --listen 0\.0\.0\.0 --stdio\n/)
})

test('stop waits for the process, also when its answer is lost', async () => {
  const gone = () => {
    throw new HoltError('NODE_NOT_RUNNING', 'the node has ended')
  }
  const { text, json } = await both(['stop'], { 'node.status': () => status, 'node.stop': gone })
  assert.deepEqual(json, { stopped: true, pid: status.pid })
  assert.equal(text.out, 'The node has ended.\n')
})

test('doctor names each problem, and its exit code says whether all is well', async () => {
  const checked = { blocksChecked: 1000, fragmentsChecked: 60, bytesChecked: 1 << 30, repairedFragments: 0 }
  const well = await both(['doctor'], { 'doctor.run': () => ({ ...checked, problems: [], healthy: true }) })
  assert.equal(well.text.exitCode, 0)
  assert.equal(well.text.out, 'Checked 1 000 blocks and 60 fragments, 1.0 GiB.\nEverything is well.\n')
  const problems = [
    { what: 'fragment-missing' as const, where: 'drive /mnt/a, ab.3', repaired: true },
    { what: 'file-lost' as const, where: '/a\nb', repaired: false },
  ]
  const ill = await both(['doctor', '--repair'], { 'doctor.run': () => ({ ...checked, repairedFragments: 1, problems, healthy: false }) })
  assert.equal(ill.text.exitCode, 9)
  assert.match(
    ill.text.out,
    /^ {2}repaired {3}fragment-missing drive \/mnt\/a, ab\.3\n {2}file-lost {2}\/a\\nb\nRebuilt 1 fragment\.\n1 problem left\.$/m,
  )
  assert.deepEqual(ill.control.asked('doctor.run')[0], { repair: true })
})

test('gc and wait report what they did', async () => {
  const collected = { freedBytes: 4096, movedBytes: 512, packsRemoved: 1 }
  const { text, json } = await both(['gc'], { 'store.collect': () => collected })
  assert.deepEqual(json, collected)
  assert.equal(text.out, 'Freed 4.0 KiB in 1 pack; moved 512 B together.\n')
  assert.deepEqual((await both(['wait'], { 'store.settle': () => ({}) })).json, { settled: true })
})
