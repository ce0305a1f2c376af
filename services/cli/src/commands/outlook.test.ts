import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { ClassOutlook, Outlook } from '@holt/control/outlook.ts'
import type { PeerInfo, PeersStatus } from '@holt/control/peers.ts'
import { covering } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'
import { oneIn } from '../outlook-text.ts'

const { both } = covering('outlook')

const standard: ClassOutlook = {
  redundancyClass: 'standard',
  dataFragments: 1,
  totalFragments: 1,
  nines: 11,
  packs: 3,
  lossPerYear: 4e-6,
  plannedLossPerYear: 3e-7,
  moreFriends: 2,
}
const outlook: Outlook = {
  friends: 4,
  circles: 3,
  settled: true,
  homePerYear: 0.05,
  friendPerYear: 0.1,
  goneAfterSeconds: 14 * 86_400,
  repairBytesPerSecond: 4 << 20,
  here: 'Home',
  classes: [standard],
}
const score = {
  trust: 96,
  availability: 0.9876,
  intactness: 0.98,
  proofs: 240,
  faults: 1,
  latencyMs: 23,
  measuredSeconds: 900_000,
  silentSeconds: 7200,
  gone: false,
}
const share = { give: true, givenBytes: 5 << 20, heldBytes: 0, mostBytes: 1 << 30, fixedBytes: null }
const anna: PeerInfo = {
  peer: '12D3KooWAnna',
  name: 'Anna',
  own: false,
  relation: { id: 'ab'.repeat(16), relation: 'friend', made: 1, owner: '12D3KooWOwner', share },
  connected: true,
  nearby: false,
  addresses: [],
  seen: null,
  problem: null,
  score,
  place: 'Mill',
}
const peers: PeersStatus = { on: true, reach: null, running: true, self: '12D3KooWSelf', addresses: [], problem: null, peers: [anna] }
const answers: FakeAnswers = {
  'peers.list': () => peers,
  'peers.outlook': () => outlook,
  'peers.place': () => ({}),
  'peers.wish': ({ nines }) => ({ ...outlook, classes: [{ ...standard, nines: nines ?? 11 }] }),
  'peers.repair': ({ goneAfterSeconds = 1, bytesPerSecond = 1 }) => ({
    ...outlook,
    goneAfterSeconds,
    repairBytesPerSecond: bytesPerSecond,
  }),
  'peers.share': () => share,
  'classes.list': () => ({ classes: [] }),
}

test('peers outlook says in plain words what may be lost, and what is missing', async () => {
  const { text, json } = await both(['peers', 'outlook'], answers)
  assert.match(text.out, /With your 4 friends, of whom 3 do not fall together/)
  assert.match(text.out, /standard: one file in 250,000 would be lost in a year, and one in 3,300,000 once friends have all/)
  assert.match(text.out, /one in 100,000,000,000: 2 more friends like these/)
  assert.match(text.out, /one house in 20 and one friend in 10/)
  assert.match(text.out, /silent for 14 days/)
  assert.deepEqual(json, outlook)
  const other = (changed: Partial<Outlook>) =>
    holt(['peers', 'outlook'], { control: new FakeControl({ ...answers, 'peers.outlook': () => ({ ...outlook, ...changed }) }) })
  assert.match((await other({ friends: 0, circles: 0 })).out, /No friend keeps anything/)
  assert.match((await other({ settled: false })).out, /known for a day/)
  assert.match((await other({ classes: [{ ...standard, moreFriends: null }] })).out, /do not reach it/)
  assert.match(
    (await other({ classes: [{ ...standard, moreFriends: 0, lossPerYear: 1 }] })).out,
    /everything would be lost.*what you wish, or better/,
  )
})

test('a chance is said rounded down: never more than was reckoned', () => {
  for (const [chance, words] of [
    [1, 'all'],
    [0.6, 'one in 1'],
    [0.05, 'one in 20'],
    [0.0499, 'one in 20'],
    [1 / 129_999, 'one in 120,000'],
    [1e-11, 'one in 100,000,000,000'],
    [1e-30, 'one in 1,000,000,000,000,000'],
    [0, 'one in 1,000,000,000,000,000'],
  ] as const)
    assert.equal(oneIn(chance), words)
})

test('peers place declares where all nodes of a friend are, one of them, or this one; - takes it away', async () => {
  const { control, text } = await both(['peers', 'place', 'Anna', "Grandma's house"], answers)
  assert.deepEqual(control.asked('peers.place')[0], { of: '12D3KooWOwner', place: "Grandma's house" })
  assert.match(text.out + text.err, /Anna is at Grandma's house/)
  const asked = async (...line: string[]) => (await both(['peers', 'place', ...line], answers)).control.asked('peers.place')[0]
  assert.deepEqual(await asked('Anna', 'Mill', '--only'), { of: anna.peer, place: 'Mill' })
  assert.deepEqual(await asked('here', 'Home'), { of: null, place: 'Home' })
  assert.deepEqual(await asked('Anna', '-'), { of: '12D3KooWOwner', place: null })
  assert.notEqual((await holt(['peers', 'place', 'Nobody', 'Mill'], { control: new FakeControl(answers) })).exitCode, 0)
})

test('peers repair and class wish say what is so from now on, and refuse what means nothing', async () => {
  const week = await both(['peers', 'repair', '--after', '7', '--rate', '1M'], answers)
  assert.deepEqual(week.control.asked('peers.repair')[0], { goneAfterSeconds: 7 * 86_400, bytesPerSecond: 1 << 20 })
  assert.match(week.text.out + week.text.err, /7 days/)
  const wish = await both(['class', 'wish', 'standard', '9'], answers)
  assert.deepEqual(wish.control.asked('peers.wish')[0], { redundancyClass: 'standard', nines: 9 })
  assert.match(wish.text.out, /one in 1,000,000,000:/)
  assert.deepEqual((await both(['class', 'wish', 'standard', '-'], answers)).control.asked('peers.wish')[0], {
    redundancyClass: 'standard',
    nines: null,
  })
  for (const wrong of [
    ['class', 'wish', 'standard', '0'],
    ['class', 'wish', 'standard', '1.5'],
    ['class', 'wish', 'standard', '16'],
    ['peers', 'repair', '--after', 'x'],
    ['peers', 'repair', '--after', '0.1'],
    ['peers', 'repair', '--rate', 'auto'],
  ])
    assert.equal((await holt(wrong, { control: new FakeControl(answers) })).exitCode, 2, wrong.join(' '))
})

test('scores stand in the list of nodes, in words with a friend, and the outlook with the classes', async () => {
  const list = await holt(['peers'], { control: new FakeControl(answers) })
  assert.match(list.out, /SCORE +THERE +ANSWERS +PLACE/)
  assert.match(list.out, /96 +98\.7 % +23 ms +Mill\n/)
  const withFriend = await holt(['peers', 'share', 'Anna'], { control: new FakeControl(answers) })
  assert.match(
    withFriend.out,
    /Score 96 of 100: there 98\.7 % of the time, 240 proofs given, 1 fault, answers in 23 ms, silent for 2 hours\./,
  )
  assert.match(withFriend.out, /one file in 250,000/)
  const gone = { ...answers, 'peers.list': () => ({ ...peers, peers: [{ ...anna, score: { ...score, gone: true } }] }) }
  assert.match((await holt(['peers', 'share', 'Anna'], { control: new FakeControl(gone) })).out, /counts as gone/)
  assert.match((await holt(['class', 'list'], { control: new FakeControl(answers) })).out, /one file in 250,000/)
})
