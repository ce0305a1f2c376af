import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterStatus } from '@holt/control/cluster.ts'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { PeerInfo, PeersStatus } from '@holt/control/peers.ts'
import { covering, status } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('others')

test('share prints a link with the secret behind its #, for a week, a time, or until it is taken back', async () => {
  const made = { id: 'ab'.repeat(16), path: '/photos', label: 'photos', secret: 'S'.repeat(43), made: 1, expires: null, expired: false }
  const answers: FakeAnswers = {
    'shares.create': ({ expires }) => ({ ...made, expires: expires ?? null }),
    'node.status': () => ({ ...status, pageUrl: 'http://127.0.0.1:4658/' }),
  }
  const { text, json, control } = await both(['share', 'photos', '--forever'], answers)
  assert.equal(text.out, `http://127.0.0.1:4658/s/#${made.secret}\nIt opens until it is taken back.\n`)
  assert.deepEqual(json, { ...made, link: `http://127.0.0.1:4658/s/#${made.secret}` })
  assert.deepEqual(control.asked('shares.create')[0], { path: '/photos', expires: null })
  const week = await both(['share', 'photos', '--address', 'https://192.168.77.1', '--label', 'June'], answers)
  assert.match(week.text.out, /^https:\/\/192\.168\.77\.1\/s\/#S+\nIt opens until \d{4}-/)
  const asked = week.control.asked('shares.create')[0] as { expires: number; label: string }
  assert.equal(asked.label, 'June')
  assert.ok(Math.abs(asked.expires - Date.now() / 1000 - 7 * 86_400) < 600)
  for (const wrong of [
    ['--days', '0'],
    ['--days', 'x'],
    ['--days', '1', '--forever'],
    ['--address', 'ftp://x'],
  ])
    assert.equal((await holt(['share', 'photos', ...wrong], { control })).exitCode, 2, wrong.join(' '))
})

test('shares lists links; unshare takes back the one that is meant', async () => {
  const one = { id: `ab${'0'.repeat(30)}`, path: '/a', label: 'a', secret: 'one', made: 2, expires: null, expired: false }
  const other = { ...one, id: `ac${'0'.repeat(30)}`, path: '/b', secret: 'two', expires: 5, expired: true }
  const answers: FakeAnswers = {
    'shares.list': () => ({ shares: [one, other] }),
    'shares.revoke': () => ({}),
    'node.status': () => ({ ...status, pageUrl: 'http://127.0.0.1:4658/' }),
  }
  const shown = await both(['shares'], answers)
  assert.match(shown.text.out, /ab000000 {2}\/a +until it is taken back {2}http:\/\/127\.0\.0\.1:4658\/s\/#one\n/)
  assert.match(shown.text.out, /ac000000 {2}\/b +expired *\n/)
  const { control, json } = await both(['unshare', 'ab'], answers)
  assert.deepEqual(json, { id: one.id, path: '/a' })
  assert.deepEqual(control.asked('shares.revoke')[0], { id: one.id })
  const unclear = await holt(['unshare', 'a'], { control })
  assert.notEqual(unclear.exitCode, 0)
  assert.match(unclear.err, /more than one link/)
})

test('peers shows this node and those it knows, and says why there are none', async () => {
  const self = '12D3KooWSelf'
  const peer = {
    peer: '12D3KooWOther',
    name: null,
    relation: null,
    own: false,
    problem: null,
    connected: false,
    nearby: true,
    addresses: ['/ip4/192.168.7.2/tcp/4660'],
    seen: 1_790_000_000,
  }
  const running: PeersStatus = {
    on: true,
    reach: null,
    running: true,
    self,
    addresses: [`/ip4/192.168.7.1/tcp/4660/p2p/${self}`],
    problem: null,
    peers: [peer],
  }
  const shown = await both(['peers'], { 'peers.list': () => running })
  assert.match(shown.text.out, /^This node is 12D3KooWSelf\n {2}\/ip4\/192\.168\.7\.1\/tcp\/4660/)
  assert.match(shown.text.out, /nearby +stranger +12D3KooWOther +\d.* \/ip4\/192\.168\.7\.2\/tcp\/4660\n/)
  assert.deepEqual(shown.json, running)
  const stopped: PeersStatus = { ...running, running: false, self: null, addresses: [] }
  const cases: [PeersStatus, RegExp][] = [
    [{ ...stopped, on: false }, /holt peers on/],
    [{ ...stopped, problem: 'no sockets' }, /no sockets/],
    [stopped, /without a way/],
    [{ ...running, peers: [] }, /No other node/],
  ]
  for (const [status, words] of cases)
    assert.match((await holt(['peers'], { control: new FakeControl({ 'peers.list': () => status }) })).out, words)
  for (const on of [true, false]) {
    const { control } = await both(['peers', on ? 'on' : 'off'], { 'peers.set': () => running })
    assert.deepEqual(control.asked('peers.set')[0], { on })
  }
})

test('peers reach says all of how far the node goes, and refuses what means nothing', async () => {
  const answer: PeersStatus = { on: true, reach: null, running: true, self: '12D3KooWSelf', addresses: [], problem: null, peers: [] }
  const start = '/ip4/203.0.113.7/tcp/4660/p2p/12D3KooWOther'
  const far = await both(['peers', 'reach', 'internet', '--start', start, '--relay'], { 'peers.reach': () => answer })
  assert.deepEqual(far.control.asked('peers.reach')[0], { reach: { start: [start], announce: [], relay: true, mapPort: false } })
  const near = await both(['peers', 'reach', 'lan'], { 'peers.reach': () => answer })
  assert.deepEqual(near.control.asked('peers.reach')[0], { reach: null })
  for (const wrong of [['moon'], ['lan', '--relay'], ['lan', '--announce', '/ip4/203.0.113.7/tcp/4660']]) {
    const control = new FakeControl({ 'peers.reach': () => answer })
    assert.notEqual((await holt(['peers', 'reach', ...wrong], { control })).exitCode, 0)
    assert.deepEqual(control.asked('peers.reach'), [], 'nothing is changed')
  }
})

test('pair shows a code until it is taken, or takes one; unpair ends what is meant', async () => {
  const id = 'ab'.repeat(16)
  const relation = { id, relation: 'friend' as const, made: 1_790_000_000, owner: '12D3KooWOwner' }
  const facts = { own: false, connected: true, nearby: true, addresses: [], seen: null, problem: null }
  const anna: PeerInfo = { ...facts, peer: '12D3KooW0', name: 'Anna', relation }
  const annie: PeerInfo = { ...anna, peer: '12D3KooW1', name: 'Annie' }
  const status: PeersStatus = { on: true, reach: null, running: true, self: '12D3KooWSelf', addresses: [], problem: null, peers: [anna] }
  const code = { code: 'K7M2-9XPQ', link: 'holt:pair?code=K7M2-9XPQ', relation: 'friend' as const, ends: 1, triesLeft: 3, paired: null }
  let asked = 0
  const answers: FakeAnswers = {
    'peers.list': () => status,
    'peers.showCode': () => code,
    'peers.code': () => ({ shown: asked++ % 2 === 0 ? code : { ...code, paired: anna.peer } }),
    'peers.hideCode': () => ({}),
    'peers.pair': () => anna,
    'peers.end': () => ({}),
  }
  const shown = await both(['pair', '--mine', '--name', 'Box'], answers)
  assert.match(shown.text.err, /holt:pair\?code=K7M2-9XPQ\n\nCode: K7M2-9XPQ\n/)
  assert.match(shown.text.out, /Paired with Anna/)
  assert.deepEqual(shown.control.asked('peers.showCode')[0], { relation: 'mine', name: 'Box' })
  for (const [gone, words] of [
    [null, /in its time/],
    [{ ...code, triesLeft: 0 }, /guessing/],
  ] as const) {
    const control = new FakeControl({ ...answers, 'peers.code': () => ({ shown: gone }) })
    const failed = await holt(['pair'], { control })
    assert.equal(failed.exitCode === 0, false)
    assert.match(failed.err, words)
    assert.equal(control.asked('peers.hideCode').length, 1, 'the code ends with the command')
  }
  const taken = await both(['pair', 'k7m29xpq', '--name', 'x'.repeat(40), '--at', '/ip4/1.2.3.4/tcp/1/p2p/y'], answers)
  assert.deepEqual(taken.control.asked('peers.pair')[0], {
    code: 'k7m29xpq',
    relation: 'friend',
    name: 'x'.repeat(32),
    at: ['/ip4/1.2.3.4/tcp/1/p2p/y'],
  })
  const ended = await both(['unpair', 'Ann'], answers)
  assert.deepEqual(ended.control.asked('peers.end')[0], { id })
  const two = { ...status, peers: [anna, { ...annie, relation: { ...relation, id: 'cd'.repeat(16) } }] }
  assert.match((await holt(['unpair', 'Ann'], { control: new FakeControl({ 'peers.list': () => two }) })).err, /more than one/)
  assert.match((await holt(['unpair', 'Ben'], { control: new FakeControl({ 'peers.list': () => two }) })).err, /no paired node/)
})

test('peers share shows what a friend keeps, and changes only what was said', async () => {
  const id = 'ab'.repeat(16)
  const share = { give: false, givenBytes: 5 << 20, heldBytes: 3 << 20, mostBytes: 1 << 30, fixedBytes: null }
  const relation = { id, relation: 'friend' as const, made: 1_790_000_000, owner: '12D3KooWOwner', share }
  const facts = { own: false, connected: true, nearby: true, addresses: [], seen: null, problem: null }
  const anna: PeerInfo = { ...facts, peer: '12D3KooW0', name: 'Anna', relation }
  const among: PeersStatus = { on: true, reach: null, running: true, self: '12D3KooWSelf', addresses: [], problem: null, peers: [anna] }
  const answers: FakeAnswers = {
    'peers.list': () => among,
    'peers.share': ({ give, mostBytes }) => ({ ...share, give, mostBytes: mostBytes ?? 1 << 30, fixedBytes: mostBytes }),
  }
  assert.match((await both(['peers'], { 'peers.list': () => among })).text.out, /5\.0 MiB +3\.0 MiB/)
  const shown = await both(['peers', 'share', 'Anna'], answers)
  assert.match(shown.text.out, /Anna keeps 5\.0 MiB for you, and is given nothing more\.\nYou keep 3\.0 MiB of at most 1\.0 GiB\./)
  assert.equal(shown.control.asked('peers.share').length, 0)
  for (const [options, wanted] of [
    [['--give'], { id, give: true, mostBytes: null }],
    [['--most', '500g'], { id, give: false, mostBytes: 500 * 2 ** 30 }],
    [['--keep', '--most', 'auto'], { id, give: false, mostBytes: null }],
  ] as const)
    assert.deepEqual((await both(['peers', 'share', 'Anna', ...options], answers)).control.asked('peers.share')[0], wanted)
  for (const wrong of [
    ['--most', 'much'],
    ['--give', '--keep'],
  ])
    assert.equal((await holt(['peers', 'share', 'Anna', ...wrong], { control: new FakeControl(answers) })).exitCode === 0, false)
})

test('where names the drives and friends that keep what a path is made of', async () => {
  const [pack, open] = ['ab'.repeat(16), 'cd'.repeat(16)]
  const block = (of: string) => ({ cid: 'b', pack: of, offset: 0, length: 10 })
  const facts = { redundancyClass: 'standard', created: 1, sizeBytes: 64 << 20, blocks: 1 }
  const { out } = (
    await both(['where', '/a'], {
      'tree.follow': ({ fromByte }) => ({
        volume: '00',
        sequence: 1,
        time: 1,
        redundancyClass: 'standard',
        steps: [{ path: '/', type: 'directory', block: block(open) }],
        chunks: [{ fileOffset: fromByte ?? 0, lengthBytes: 10, block: block(pack) }],
        more: fromByte === 0,
      }),
      'packs.show': ({ id }) => ({
        ...facts,
        id,
        state: id === pack ? 'spread' : 'open',
        dataFragments: 1,
        totalFragments: 2,
        fragments: id === pack ? [{ index: 0, drive: 'd0', state: 'good' }] : [],
        friends: id === pack ? [{ index: 1, peer: '12D3KooW0', state: 'unsure', until: 2 }] : [],
      }),
      'drives.list': () => ({ drives: [] }) as never,
      'peers.list': () => ({ on: true, reach: null, running: true, self: null, addresses: [], problem: null, peers: [] }),
    })
  ).text
  assert.match(out, /cdcdcdcdcdcd +64 MiB +this node +open/)
  assert.match(out, /abababababab +64 MiB +0 +d0 +good\n +1 \(spare\) +12D3KooW0 +unsure/)
})

test('cluster shows the own nodes, who leads and who is behind; cluster lead says who may', async () => {
  const self = '12D3KooWSelf0123456789'
  const box = { peer: '12D3KooWBox', name: 'Box', standing: 'behind' as const, heard: 1_790_000_000, problem: null }
  const token = { term: 1, number: 2 }
  const known: ClusterStatus = {
    running: true,
    self,
    name: '',
    nodes: [box],
    voters: [],
    leader: null,
    leases: [],
    missingBlocks: 3,
    merged: [],
  }
  const shown = await both(['cluster'], { 'cluster.show': () => known })
  assert.match(shown.text.out, /is behind +Box +12D3KooWBox/)
  assert.match(shown.text.out, /Nobody leads: `holt cluster lead`/)
  assert.match(shown.text.out, /3 blocks are yet to come/)
  assert.deepEqual(shown.json, known)
  const led = { ...known, voters: [box.peer, self], leader: self, leases: [{ path: '/dir', holder: box.peer, token }] }
  const cases: [ClusterStatus, RegExp][] = [
    [led, /Leader: this node\nLease of \/dir: Box\n/],
    [{ ...led, leader: null }, /Nobody leads now; of Box, this node more than half/],
    [{ ...known, nodes: [{ ...box, problem: 'TIMED_OUT' }] }, /away +Box/],
    [
      { ...known, merged: [{ path: '/both', at: 1_790_000_000, by: self }] },
      /Changed on two nodes apart, merged .*: \/both; `holt versions`/,
    ],
    [{ ...known, nodes: [] }, /no other node yet/],
    [{ ...known, running: false, self: null }, /shares its files with no other/],
  ]
  for (const [status, words] of cases)
    assert.match((await holt(['cluster'], { control: new FakeControl({ 'cluster.show': () => status }) })).out, words)

  const named = await both(['cluster', 'name', 'Attic'], { 'cluster.setName': () => ({ ...known, name: 'Attic' }) })
  assert.deepEqual(named.control.asked('cluster.setName')[0], { name: 'Attic' })
  assert.match(named.text.out, /called Attic now/)

  const answers: FakeAnswers = { 'cluster.show': () => known, 'cluster.setVoters': () => led }
  const all = await both(['cluster', 'lead'], answers)
  assert.deepEqual(all.control.asked('cluster.setVoters')[0], { nodes: [self, box.peer] })
  for (const [typed, node] of [
    ['this', self],
    ['Bo', box.peer],
    [self, self],
  ] as const) {
    const { control } = await both(['cluster', 'lead', typed], answers)
    assert.deepEqual(control.asked('cluster.setVoters')[0], { nodes: [node] })
  }
  assert.notEqual((await holt(['cluster', 'lead', 'Nobody'], { control: new FakeControl(answers) })).exitCode, 0)
})

test('cluster invite shows a code until it is taken; cluster join takes it, with drives', async () => {
  const made = { code: 'K7M2-9XPQ', link: 'holt:pair?code=K7M2-9XPQ', ends: 1, triesLeft: 3, joined: null }
  let asked = 0
  const answers: FakeAnswers = {
    'cluster.invite': () => made,
    'cluster.invitation': () => ({ shown: asked++ % 2 === 0 ? made : { ...made, joined: '12D3KooWNew' } }),
    'cluster.endInvitation': () => ({}),
    'node.join': () => ({ principal: '12D3KooWOwner' }),
  }
  const shown = await both(['cluster', 'invite'], answers)
  assert.match(shown.text.err, /Code: K7M2-9XPQ\n/)
  assert.deepEqual(shown.json, { peer: '12D3KooWNew' })
  assert.equal(shown.control.asked('cluster.endInvitation').length, 2)
  for (const [left, words] of [
    [{ ...made, triesLeft: 0 }, /three wrong tries/],
    [null, /nobody took the code/],
  ] as const) {
    const ended = await holt(['cluster', 'invite'], {
      control: new FakeControl({ ...answers, 'cluster.invitation': () => ({ shown: left }) }),
    })
    assert.notEqual(ended.exitCode, 0)
    assert.match(ended.err, words)
  }
  const joined = await both(['cluster', 'join', 'K7M2-9XPQ', '--name', 'Box', '--drive', '/mnt/a'], answers)
  assert.deepEqual(joined.control.asked('node.join')[0], { code: 'K7M2-9XPQ', name: 'Box', at: [], drives: ['/mnt/a'] })
  assert.deepEqual(joined.json, { principal: '12D3KooWOwner' })
})
