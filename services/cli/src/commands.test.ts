import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { DiskInfo, NetworkStatus } from '@holt/control/box/methods.ts'
import { defaultNetworkSettings } from '@holt/control/box/network-settings.ts'
import type { PeerInfo, PeersStatus } from '@holt/control/peers.ts'
import type { DriveInfo, Entry, Status } from '@holt/control/schema.ts'
import type { TrashItem } from '@holt/control/trash.ts'
import { HoltError } from '@holt/core/errors.ts'
import { backUpRootKey, openRootKeyFile, rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import { allCommands } from './commands.ts'
import { type HoltOptions, holt, type Shown } from './fake-terminal.ts'
import { localTime } from './format.ts'

const shownInText = new Set<string>()
const shownInJson = new Set<string>()

/** Runs a line that must succeed, as text and as JSON, on a node that gives these answers. */
async function both(
  line: string[],
  answers: FakeAnswers,
  options: Partial<HoltOptions> = {},
): Promise<{ text: Shown; json: unknown; control: FakeControl }> {
  const control = new FakeControl(answers)
  const text = await holt(line, { control, ...options })
  const asJson = await holt(['--json', ...line], { control, ...options })
  assert.equal(asJson.exitCode, text.exitCode)
  const name = allCommands
    .map((command) => command.name)
    .filter((known) => line.join(' ').startsWith(known))
    .sort((a, b) => b.length - a.length)[0] as string
  shownInText.add(name)
  shownInJson.add(name)
  assert.ok(asJson.out.endsWith('}\n') || asJson.out.endsWith(']\n'), asJson.out + asJson.err)
  return { text, json: JSON.parse(asJson.out), control }
}

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-cli-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const notThere = () => {
  throw new HoltError('NOT_FOUND', 'it is not there')
}
const entry = (name: string, more: Partial<Entry> = {}): Entry => ({
  name,
  type: 'file',
  sizeBytes: 1536,
  mode: 0o644,
  modified: 1_790_000_000,
  ...more,
})
const directory = (name: string): Entry => entry(name, { type: 'directory', sizeBytes: 0, mode: 0o755 })
const words = rootKeyToWords(new Uint8Array(32).fill(7))
const report = { files: 3, directories: 1, symlinks: 0, bytes: 2048, skipped: [], unchanged: 0, sequence: 9 }
const status: Status = {
  state: 'ready',
  version: '0.1.0',
  pid: 2 ** 30,
  dataFolder: '/home/me/.holt',
  pageUrl: 'http://127.0.0.1:4658/',
  principal: '12D3KooW',
  sequence: 9,
  uptimeSeconds: 125,
  memory: { rssBytes: 80 << 20, heapBytes: 30 << 20 },
  eventLoopDelayMs: { p50: 1, p99: 3.25, max: 20 },
  store: { blocks: 12_345, packs: 20, packBytes: 1.2 * 2 ** 30, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0 },
  keyBackedUp: false,
}
const drive: DriveInfo = {
  id: 'ab12',
  folder: '/mnt/a',
  state: 'ok',
  totalBytes: 1e12,
  freeBytes: 5e11,
  fragmentBytes: 4096,
  fragmentCount: 17,
}

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

test('ls lists all pages, escapes names, and marks directories for people only', async () => {
  const pages = [
    { entries: [directory('sub'), entry('a\nb')], more: true },
    { entries: [entry('z')], more: false },
  ]
  const answers: FakeAnswers = {
    'files.list': ({ after: last }) => (last === undefined ? pages[0] : pages[1]) as { entries: Entry[]; more: boolean },
  }
  const { text, json, control } = await both(['ls'], answers)
  assert.equal(text.out, 'sub\na\\nb\nz\n')
  assert.deepEqual(json, { path: '/', entries: [directory('sub'), entry('a\nb'), entry('z')] })
  assert.deepEqual(control.asked('files.list').slice(0, 2), [
    { path: '/', limit: 1000 },
    { path: '/', limit: 1000, after: 'a\nb' },
  ])
  const person = await holt(['ls'], { control: new FakeControl(answers), answers: [] })
  assert.ok(person.out.startsWith('\u001b[34msub\u001b[0m/\na\\nb\n'), person.out)
})

test('ls -l has aligned columns; of a file it shows itself; --at is passed on', async () => {
  const link = entry('日本', { type: 'symlink', sizeBytes: 0, mode: 0o777, target: '../x\u001b' })
  const { text } = await both(['ls', '-l', 'photos'], {
    'files.list': () => ({ entries: [directory('d'), entry('file', { sizeBytes: 20_480, redundancyClass: 'photos' }), link], more: false }),
  })
  const time = localTime(1_790_000_000)
  assert.equal(
    text.out,
    `drwxr-xr-x       -  ${time}  d\n-rw-r--r--  20 KiB  ${time}  file  [photos]\nlrwxrwxrwx       -  ${time}  日本 -> ../x\\x1b\n`,
  )
  const control = new FakeControl({
    'files.list': () => {
      throw new HoltError('NOT_A_DIRECTORY', 'it is a file')
    },
    'files.stat': () => entry('notes'),
  })
  assert.equal((await holt(['ls', '/notes', '--at', '4'], { control })).out, 'notes\n')
  assert.deepEqual(control.asked('files.stat'), [{ path: '/notes', at: 4 }])
})

test('mkdir makes each; -p is passed on', async () => {
  const { text, json, control } = await both(['mkdir', '-p', 'a/b', '/c'], { 'files.mkdir': () => ({}) })
  assert.deepEqual(json, { made: ['/a/b', '/c'] })
  assert.equal(text.out, 'Made /a/b, /c.\n')
  assert.deepEqual(control.asked('files.mkdir')[0], { path: '/a/b', parents: true })
})

test('mv goes into a directory that is there, else to the name', async () => {
  const into = await both(['mv', 'a', 'x/b', 'dir/'], { 'files.stat': () => directory('dir'), 'files.move': () => ({}) })
  assert.deepEqual(into.json, {
    moved: [
      { from: '/a', to: '/dir/a' },
      { from: '/x/b', to: '/dir/b' },
    ],
  })
  assert.equal(into.text.out, '/a -> /dir/a\n/x/b -> /dir/b\n')
  const as = await both(['mv', '-f', 'a', 'b'], { 'files.stat': () => entry('b'), 'files.move': () => ({}) })
  assert.deepEqual(as.control.asked('files.move')[0], { from: '/a', to: '/b', replace: true })
  const control = new FakeControl({ 'files.stat': notThere })
  assert.equal((await holt(['mv', 'a', 'b', 'c'], { control })).exitCode, 4)
  assert.equal((await holt(['mv', 'a', 'c/'], { control })).exitCode, 4)
})

test('rm removes all in one call', async () => {
  const { text, json, control } = await both(['rm', '-r', 'a', 'b'], { 'files.remove': () => ({}) })
  assert.deepEqual(json, { removed: ['/a', '/b'] })
  assert.equal(text.out, 'Removed 2 paths.\n')
  assert.deepEqual(control.asked('files.remove')[0], { paths: ['/a', '/b'], recursive: true })
})

test('put places like cp: into a directory, as a name, into a new directory for a closing slash', async () => {
  const answers = (found: () => Entry): FakeAnswers => ({
    'files.stat': found,
    'files.importLocal': () => report,
    'files.mkdir': () => ({}),
  })
  const into = await both(
    ['put', 'x', '/abs/y', 'photos'],
    answers(() => directory('photos')),
  )
  assert.deepEqual(into.control.asked('files.importLocal')[0], { locals: ['/home/ann/x', '/abs/y'], path: '/photos', place: 'into' })
  assert.deepEqual(into.json, report)
  assert.match(into.text.out, /^Put 3 files, 1 directory, 2\.0 KiB in \d+\.\d s; version 9\.\n$/)
  const as = await both(['put', 'x', 'new', '--random-access', '--wait'], answers(notThere))
  assert.deepEqual(as.control.asked('files.importLocal')[0], {
    locals: ['/home/ann/x'],
    path: '/new',
    place: 'as',
    randomAccess: true,
    waitForSpread: true,
  })
  const made = await both(['put', 'x', 'new/dir/'], answers(notThere))
  assert.deepEqual(made.control.asked('files.mkdir')[0], { path: '/new/dir', parents: true })
  assert.equal(made.control.asked('files.importLocal')[0]?.place, 'into')
  assert.equal((await holt(['put', 'x', 'y', 'none'], { control: new FakeControl(answers(notThere)) })).exitCode, 4)
})

test('what was skipped is named on stderr and in the exit code', async () => {
  const skipped = [{ path: '/x/so\u001bck', reason: 'a socket' }]
  const { text, json } = await both(['put', 'x', '/'], {
    'files.stat': () => directory(''),
    'files.importLocal': () => ({ ...report, skipped, unchanged: 2 }),
  })
  assert.equal(text.exitCode, 15)
  assert.equal(text.err, 'holt: skipped /x/so\\x1bck: a socket\n')
  assert.match(text.out, /; 2 files unchanged; version 9/)
  assert.deepEqual(json, { ...report, skipped, unchanged: 2 })
})

test('put - stores stdin in pieces; when it is cut off nothing is stored', async () => {
  const written: string[] = []
  const answers: FakeAnswers = {
    'files.stat': notThere,
    'files.openWrite': () => ({ stream: 3 }),
    'stream.write': ({ base64 }) => {
      written.push(base64)
      return {}
    },
    'stream.close': () => ({}),
  }
  const input = [Buffer.alloc((1 << 20) + 5, 'a'), Buffer.from('end')]
  const { text, json, control } = await both(['put', '-', 'a/b'], answers, { input })
  assert.deepEqual(json, { path: '/a/b', bytes: (1 << 20) + 8 })
  assert.equal(text.out, 'Put 1.0 MiB to /a/b.\n')
  assert.deepEqual(Buffer.concat(written.slice(0, 3).map((base64) => Buffer.from(base64, 'base64'))), Buffer.concat(input))
  assert.deepEqual(control.asked('stream.close')[0], { stream: 3 })
  const full = new FakeControl({
    ...answers,
    'stream.write': () => {
      throw new HoltError('DISK_FULL', 'full')
    },
  })
  assert.equal((await holt(['put', '-', 'a'], { control: full, input })).exitCode, 8)
  assert.deepEqual(full.asked('stream.close'), [{ stream: 3, discard: true }])
  assert.equal((await holt(['put', '-', 'dir/'], { control: full, input })).exitCode, 4)
})

test('an interrupt ends put - although stdin goes on', async () => {
  const interrupt = new AbortController()
  const control = new FakeControl({
    'files.stat': notThere,
    'files.openWrite': () => ({ stream: 3 }),
    'stream.close': () => ({}),
    'stream.write': () => {
      setImmediate(() => interrupt.abort())
      return {}
    },
  })
  const endless = {
    async *[Symbol.asyncIterator]() {
      yield Buffer.from('x')
      await new Promise(() => {})
    },
  }
  const surroundings = { interrupted: interrupt.signal, terminal: Object.assign(Object.create((await holt([], { control })).terminal), {}) }
  Object.defineProperty(surroundings.terminal, 'input', { value: endless })
  const { exitCode } = await holt(['put', '-', 'a'], { control, surroundings })
  assert.equal(exitCode, 130)
  assert.deepEqual(control.asked('stream.close'), [{ stream: 3, discard: true }])
})

test('get hands the local path on, made absolute, and makes a directory for a closing slash', async (context) => {
  const folder = await temporaryFolder(context)
  const answers: FakeAnswers = { 'files.exportLocal': () => report }
  const locals = async (typed: string[]) =>
    (await both(['get', 'a/photos', ...typed], answers, { currentFolder: folder })).control.asked('files.exportLocal')[0]
  assert.deepEqual(await locals([]), { path: '/a/photos', local: folder })
  assert.deepEqual(await locals(['new']), { path: '/a/photos', local: join(folder, 'new') })
  assert.deepEqual(await locals(['made/here/']), { path: '/a/photos', local: join(folder, 'made/here') })
  assert.ok((await stat(join(folder, 'made/here'))).isDirectory())
  assert.deepEqual(await locals(['made', '--at', '3']), { path: '/a/photos', local: join(folder, 'made'), at: 3 })
  const top = await both(['get', '/', '.'], answers, { currentFolder: folder })
  assert.equal(top.control.asked('files.exportLocal')[0]?.local, folder)
  assert.match(top.text.out, /^Got 3 files/)
})

test('cat and get - write the bytes and nothing else; JSON has them as base64', async () => {
  const content = Buffer.from([0, 255, 10, 27])
  for (const line of [
    ['cat', 'a', '--at', '2'],
    ['get', 'a', '-', '--at', '2'],
  ]) {
    let sent = 0
    const answers: FakeAnswers = {
      'files.openRead': () => ({ stream: 1, sizeBytes: 4 }),
      'stream.read': () => (sent++ % 2 === 0 ? { base64: content.toString('base64'), end: false } : { base64: '', end: true }),
      'stream.close': () => ({}),
    }
    const { text, json, control } = await both(line, answers)
    assert.deepEqual(text.bytes, content)
    assert.equal(text.out, '')
    assert.deepEqual(json, { path: '/a', sizeBytes: 4, base64: content.toString('base64') })
    assert.deepEqual(control.asked('files.openRead')[0], { path: '/a', at: 2 })
    assert.equal(control.asked('stream.close').length, 2)
  }
})

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
    problem: null,
    connected: false,
    nearby: true,
    addresses: ['/ip4/192.168.7.2/tcp/4660'],
    seen: 1_790_000_000,
  }
  const running: PeersStatus = {
    on: true,
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

test('pair shows a code until it is taken, or takes one; unpair ends what is meant', async () => {
  const id = 'ab'.repeat(16)
  const relation = { id, relation: 'friend' as const, made: 1_790_000_000, owner: '12D3KooWOwner' }
  const facts = { connected: true, nearby: true, addresses: [], seen: null, problem: null }
  const anna: PeerInfo = { ...facts, peer: '12D3KooW0', name: 'Anna', relation }
  const annie: PeerInfo = { ...anna, peer: '12D3KooW1', name: 'Annie' }
  const status: PeersStatus = { on: true, running: true, self: '12D3KooWSelf', addresses: [], problem: null, peers: [anna] }
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

test('find asks until everything was looked at', async () => {
  const one = (path: string) => ({ path, entry: entry(path.slice(1)) })
  const answers: FakeAnswers = {
    'files.search': ({ after }) =>
      after === undefined ? { found: [one('/a')], after: '/a', scanned: 9 } : { found: [one('/b\u001b')], after: null, scanned: 3 },
  }
  const { text, json, control } = await both(['find', 'x y', 'd'], answers)
  assert.equal(text.out, '/a\n/b\\x1b\n')
  assert.deepEqual(json, { found: [one('/a'), one('/b\u001b')] })
  assert.deepEqual(control.asked('files.search').slice(0, 2), [
    { text: 'x y', path: '/d' },
    { text: 'x y', path: '/d', after: '/a' },
  ])
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

const freshNode = (): FakeControl =>
  new FakeControl({
    'node.status': () => ({ ...status, state: 'new', principal: null }),
    'node.init': ({ words: given }) => ({ words: given ?? words, principal: '12D3KooW' }),
    'key.markBackedUp': () => ({}),
    'node.recover': () => ({ principal: '12D3KooW', sequence: 44, packs: 3, lostPacks: 0 }),
  })

test('init without a terminal starts a node, writes words and backup for the owner only, and overwrites nothing', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const line = [
    'init',
    '--drive',
    'a',
    '--drive',
    '/b',
    '--words-file',
    'words.txt',
    '--passphrase',
    'correct horse',
    '--backup',
    'key.age',
  ]
  const startable = freshNode()
  const { out, err, exitCode, started } = await holt([...line, '--json'], { control: null, startable, currentFolder })
  assert.equal(exitCode, 0, err)
  assert.deepEqual(started, ['/home/me/.holt'])
  const [wordsFile, backupFile] = [join(currentFolder, 'words.txt'), join(currentFolder, 'key.age')]
  assert.deepEqual(JSON.parse(out), { principal: '12D3KooW', wordsFile, backupFile, drives: [join(currentFolder, 'a'), '/b'] })
  const [given] = startable.asked('node.init')
  assert.equal(await readFile(wordsFile, 'utf8'), `${given?.words}\n`)
  assert.deepEqual(given?.drives, [join(currentFolder, 'a'), '/b'])
  assert.equal(rootKeyToWords(await openRootKeyFile(await readFile(backupFile), 'correct horse')), given?.words)
  for (const file of [wordsFile, backupFile]) assert.equal((await stat(file)).mode & 0o777, 0o600)
  assert.equal(startable.asked('key.markBackedUp').length, 1)

  const again = await holt(line, { control: freshNode(), currentFolder })
  assert.equal(again.exitCode, 4)
  assert.equal(await readFile(wordsFile, 'utf8'), `${given?.words}\n`)
  const text = await holt(['init', '--words-file', 'other.txt'], { control: freshNode(), currentFolder })
  assert.match(text.out, /^Made the root key\. You are 12D3KooW\.\nThe 24 words are in .*other\.txt\./)
  shownInText.add('init')
  shownInJson.add('init')
})

test('init that fails leaves no files and makes nothing before words and backup are safe', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const attempt = async (line: string[], control = freshNode()) => {
    const shown = await holt(['init', ...line], { control, currentFolder })
    await assert.rejects(stat(join(currentFolder, 'w')), { code: 'ENOENT' })
    await assert.rejects(stat(join(currentFolder, 'k')), { code: 'ENOENT' })
    return { exitCode: shown.exitCode, inits: control.asked('node.init').length }
  }
  assert.deepEqual(await attempt([]), { exitCode: 2, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'w', '--backup', 'k']), { exitCode: 2, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'w', '--backup', 'k', '--passphrase', 'short']), { exitCode: 13, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'w', '--passphrase', 'a', '--passphrase-file', 'b']), { exitCode: 2, inits: 0 })
  assert.deepEqual(await attempt(['--words-file', 'none/w']), { exitCode: 3, inits: 0 })
  const failing = freshNode()
  failing.answers = {
    ...failing.answers,
    'node.init': () => {
      throw new HoltError('DRIVE_FOREIGN', 'not empty')
    },
  }
  assert.deepEqual(await attempt(['--words-file', 'w', '--backup', 'k', '--passphrase', 'long enough'], failing), { exitCode: 8, inits: 1 })
  assert.deepEqual(await attempt(['--words-file', 'w'], new FakeControl({ 'node.status': () => status })), { exitCode: 4, inits: 0 })
})

test('init on a terminal shows the words, asks two back, insists on the right ones, and offers a backup', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const control = freshNode()
  let wrong = 1
  const shownWords = (text: string) =>
    text
      .slice(text.lastIndexOf('These 24'))
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .flatMap((line) => [...line.matchAll(/(\d+) (\w+)/g)])
  const { exitCode, err, terminal } = await holt(['init'], {
    control,
    currentFolder,
    answers: (prompt, shown) => {
      const asked = /^Word (\d+)/.exec(prompt)?.[1]
      if (asked !== undefined)
        return wrong-- > 0
          ? 'wrong'
          : ` ${shownWords(shown)
              .find(([, number]) => number === asked)?.[2]
              ?.toUpperCase()} `
      return prompt.startsWith('File') ? '' : prompt.startsWith('Press') ? '' : 'correct horse'
    },
  })
  assert.equal(exitCode, 0, err)
  assert.match(err, /That is another word/)
  const given = control.asked('node.init')[0]?.words as string
  assert.deepEqual(
    shownWords(err)
      .sort((a, b) => Number(a[1]) - Number(b[1]))
      .map(([, , word]) => word),
    given.split(' '),
  )
  assert.equal(rootKeyToWords(await openRootKeyFile(await readFile(join(currentFolder, 'holt-root-key.age')), 'correct horse')), given)
  assert.deepEqual(
    terminal.prompts.filter(({ hidden }) => hidden).map(({ prompt }) => prompt),
    ['Passphrase: ', 'Once more:  '],
  )
})

test('recover reads the words, tells a wrong word from a wrong checksum, and passes drives on', async (context) => {
  const currentFolder = await temporaryFolder(context)
  await writeFile(
    join(currentFolder, 'words'),
    words
      .split(' ')
      .map((word, i) => `${i + 1}. ${word.toUpperCase()}\n`)
      .join(''),
  )
  const control = freshNode()
  const options = { control, currentFolder }
  const { out, exitCode, err } = await holt(['recover', '--words-file', 'words', '--drive', 'd', '--json'], options)
  assert.equal(exitCode, 0, err)
  assert.deepEqual(JSON.parse(out), { principal: '12D3KooW', sequence: 44, packs: 3, lostPacks: 0 })
  assert.deepEqual(control.asked('node.recover'), [{ words, drives: [join(currentFolder, 'd')] }])
  assert.match(
    (await holt(['recover', '--words-file', 'words', '--drive', 'd'], options)).out,
    /^Recovered version 44 of the tree, 3 packs\./,
  )
  shownInText.add('recover')
  shownInJson.add('recover')

  const refused = async (text: string) => {
    await writeFile(join(currentFolder, 'bad'), text)
    const { err: said, exitCode: code } = await holt(['recover', '--words-file', 'bad', '--drive', 'd'], { control: null, currentFolder })
    assert.equal(code, 12)
    return said
  }
  assert.match(await refused('abandon abandon'), /2 words, not 24/)
  assert.match(await refused(words.replace(/^\w+/, 'holt')), /word 1 is not in the list/)
  assert.match(await refused(words.split(' ').reverse().join(' ')), /one is wrong or two changed places/)
  assert.equal((await holt(['recover', '--words-file', 'words'], options)).exitCode, 2)
  assert.equal((await holt(['recover', '--words-file', 'none', '--drive', 'd'], options)).exitCode, 3)
  assert.equal((await holt(['recover', '--drive', 'd'], options)).exitCode, 2)
})

test('a recovery that misses packs says so in its exit code', async (context) => {
  const currentFolder = await temporaryFolder(context)
  await writeFile(join(currentFolder, 'words'), words)
  const control = freshNode()
  control.answers = { ...control.answers, 'node.recover': () => ({ principal: 'p', sequence: 2, packs: 3, lostPacks: 1 }) }
  const { exitCode, err } = await holt(['recover', '--words-file', 'words', '--drive', 'd'], { control, currentFolder })
  assert.equal(exitCode, 9)
  assert.match(err, /1 pack cannot be rebuilt/)
})

test('key backup writes an age file for the owner only and remembers it; a refusal leaves no file', async (context) => {
  const currentFolder = await temporaryFolder(context)
  await writeFile(join(currentFolder, 'pass'), 'correct horse\nsecond line\n')
  const answers: FakeAnswers = {
    'key.backup': ({ passphrase }) => ({ fileBase64: Buffer.from(`age:${passphrase}`).toString('base64') }),
    'key.markBackedUp': () => ({}),
  }
  const control = new FakeControl(answers)
  const json = await holt(['key', 'backup', 'k1', '--passphrase-file', 'pass', '--json'], { control, currentFolder })
  assert.deepEqual(JSON.parse(json.out), { file: join(currentFolder, 'k1') })
  assert.equal(await readFile(join(currentFolder, 'k1'), 'utf8'), 'age:correct horse')
  assert.equal((await stat(join(currentFolder, 'k1'))).mode & 0o777, 0o600)
  const asked = await holt(['key', 'backup', 'k2'], {
    control,
    currentFolder,
    answers: ['one thing', 'another', 'correct horse', 'correct horse'],
  })
  assert.equal(asked.out, `The root key is in ${join(currentFolder, 'k2')}.\n`)
  assert.match(asked.err, /They differ/)
  assert.equal((await holt(['key', 'backup', 'k1', '--passphrase', 'correct horse'], { control, currentFolder })).exitCode, 4)
  const weak = new FakeControl({
    'key.backup': () => {
      throw new HoltError('PASSPHRASE_TOO_WEAK', 'at least 8')
    },
  })
  assert.equal((await holt(['key', 'backup', 'k3', '--passphrase', 'x'], { control: weak, currentFolder })).exitCode, 13)
  await assert.rejects(stat(join(currentFolder, 'k3')), { code: 'ENOENT' })
  shownInText.add('key backup')
  shownInJson.add('key backup')
})

test('key restore tells a wrong passphrase from a damaged file; without drives it begins an empty tree', async (context) => {
  const currentFolder = await temporaryFolder(context)
  const file = await backUpRootKey(rootKeyFromWords(words), 'correct horse', { costLog2: 10 })
  await writeFile(join(currentFolder, 'key'), file)
  await writeFile(join(currentFolder, 'damaged'), file.subarray(0, file.length - 9))
  const control = freshNode()
  const line = (name: string, passphrase: string) => ['key', 'restore', name, '--passphrase', passphrase]
  assert.equal((await holt(line('key', 'wrong horse'), { control, currentFolder })).exitCode, 10)
  assert.equal((await holt(line('damaged', 'correct horse'), { control, currentFolder })).exitCode, 11)
  const empty = await holt(line('key', 'correct horse'), { control, currentFolder })
  assert.match(empty.out, /^Took the root key; the tree is empty\./)
  assert.deepEqual(control.asked('node.init'), [{ words }])
  const recovered = await holt([...line('key', 'correct horse'), '--drive', '/d', '--json'], { control, currentFolder })
  assert.equal((JSON.parse(recovered.out) as { sequence: number }).sequence, 44)
  assert.deepEqual(control.asked('node.recover'), [{ words, drives: ['/d'] }])
  shownInText.add('key restore')
  shownInJson.add('key restore')
})

test('key words prints a line for programs and a numbered grid for people', async () => {
  const answers: FakeAnswers = { 'key.words': () => ({ words }) }
  const { text, json } = await both(['key', 'words'], answers)
  assert.deepEqual(json, { words })
  assert.equal(text.out, `${words}\n`)
  const person = await holt(['key', 'words'], { control: new FakeControl(answers), answers: [] })
  assert.equal(person.out.trimEnd().split('\n').length, 6)
  assert.match(person.out, /^ 1 \w+ +7 \w+ +13 \w+ +19 \w+$/m)
})

const wireless = { state: 'good', temperature: 30, hours: 5, defects: 0, wearPercent: null, problems: [] } as const

test('box: shows how it is connected, without what a device could make a terminal do', async () => {
  const online: NetworkStatus = {
    oneArmed: false,
    wifi: null,
    links: [{ name: 'wan0', role: 'outside', up: true, addresses: ['203.0.113.4/24'], receivedBytes: 2048, sentBytes: 0 }],
    online: true,
    gateway: '203.0.113.1',
    leases: [{ mac: '02:00:00:00:00:01', address: '192.168.77.9', name: 'tv\u001b[2J', expires: 0 }],
    phones: [],
  }
  const { text } = await both(['box'], { 'box.network.status': () => online })
  assert.match(text.out, /Outside: connected through 203\.0\.113\.1/)
  assert.match(text.out, /wan0 +outside +up +2\.0 KiB/)
  assert.ok(!text.out.includes('\u001b[2J'))
})

test('box network, try, keep, back: a document out, a document in, kept by a word', async (context) => {
  const folder = await temporaryFolder(context)
  const trial = { id: 'abc', settings: defaultNetworkSettings, remainingMs: 59_000 }
  const { json, text } = await both(['box', 'network'], {
    'box.network.get': () => ({ settings: defaultNetworkSettings, byOwner: true, trial }),
  })
  assert.deepEqual(json, defaultNetworkSettings)
  assert.deepEqual(JSON.parse(text.out), defaultNetworkSettings)
  await writeFile(join(folder, 'network.json'), text.out)
  await writeFile(join(folder, 'broken.json'), '{')
  const tried = await both(['box', 'try', 'network.json'], { 'box.network.set': () => trial }, { currentFolder: folder })
  assert.deepEqual(tried.control.asked('box.network.set')[0], { settings: defaultNetworkSettings })
  for (const [file, exitCode] of [
    ['broken.json', 2],
    ['none.json', 3],
  ] as const)
    assert.equal((await holt(['box', 'try', file], { control: new FakeControl({}), currentFolder: folder })).exitCode, exitCode)
  const kept = await both(['box', 'keep'], {
    'box.network.get': () => ({ settings: defaultNetworkSettings, byOwner: true, trial }),
    'box.network.confirm': () => ({}),
  })
  assert.deepEqual(kept.control.asked('box.network.confirm')[0], { id: 'abc' })
  const late = new FakeControl({ 'box.network.get': () => ({ settings: defaultNetworkSettings, byOwner: true, trial: null }) })
  assert.equal((await holt(['box', 'keep'], { control: late })).exitCode, 4)
  await both(['box', 'back'], { 'box.network.rollBack': () => ({}) })
})

test('box phone and forget: a code to scan, or the file', async () => {
  const answers: FakeAnswers = {
    'box.wireguard.addPhone': () => ({ configuration: '[Interface]\nPrivateKey = x\n', address: '192.168.79.2' }),
  }
  const { text, control } = await both(['box', 'phone', 'My phone', '--everything'], answers)
  assert.match(text.out, /[█▀▄]{5}/)
  assert.deepEqual(control.asked('box.wireguard.addPhone')[0], { name: 'My phone', everything: true })
  assert.equal((await holt(['box', 'phone', 'x', '--file'], { control: new FakeControl(answers) })).out, '[Interface]\nPrivateKey = x\n')
  await both(['box', 'forget', 'My phone'], { 'box.wireguard.removePhone': () => ({}) })
})

test('box disks, prepare: what has to be typed is shown, and handed on as typed', async () => {
  const usb: DiskInfo = {
    device: '/dev/sda',
    name: 'Maker',
    serial: 'S1',
    sizeBytes: 1e12,
    removable: true,
    connection: 'usb',
    role: 'foreign',
    folder: null,
    contents: [],
    consent: 'erase S1',
  }
  const { text } = await both(['box', 'disks'], {
    'box.disks.list': () => ({ disks: [usb] }),
    'box.disks.health': () => ({ ...wireless, problems: [] }),
  })
  assert.match(text.out, /\/dev\/sda .* foreign +good +Maker +erase S1/)
  const { control } = await both(['box', 'prepare', '/dev/sda', '--consent', 'erase S1'], {
    'box.disks.prepare': () => ({ folder: '/data/drives/x/holt' }),
  })
  assert.deepEqual(control.asked('box.disks.prepare')[0], { device: '/dev/sda', consent: 'erase S1' })
})

test('box update, restart, shutdown, reset', async () => {
  const slots = [{ name: 'rootfs.0', bootname: 'A', state: 'booted', bootStatus: 'good', version: '0.2.0', installed: null }] as const
  const status = { available: true, compatible: 'holt', booted: 'rootfs.0', version: '0.2.0', onTrial: true, next: null } as const
  const shown = await both(['box', 'update'], {
    'box.updates.status': () => ({ ...status, fellBackFrom: '0.3.0\u001b[2J', slots: [...slots] }),
  })
  assert.match(shown.text.out, /A +0\.2\.0 +booted +good/)
  assert.match(shown.text.err, /0\.2\.0 is on trial/)
  assert.match(shown.text.err, /0\.3\.0.* did not work/)
  assert.ok(!shown.text.err.includes('\u001b[2J'))
  const bundle = { compatible: 'holt', version: '0.3.0', description: '', build: '' }
  const installed = await both(['box', 'update', '/run/media/x/holt.raucb'], {
    'box.updates.inspect': () => bundle,
    'box.updates.install': () => ({}),
  })
  assert.match(installed.text.out, /0\.3\.0 is installed/)
  await both(['box', 'restart'], { 'box.power.restart': () => ({}) })
  await both(['box', 'shutdown'], { 'box.power.shutdown': () => ({}) })
  const reset = await both(['box', 'reset', '--consent', 'erase everything'], { 'box.power.factoryReset': () => ({}) })
  assert.deepEqual(reset.control.asked('box.power.factoryReset')[0], { consent: 'erase everything' })
})

test('box recovery-key: the key in a line of its own, and a code to scan', async () => {
  const { text } = await both(['box', 'recovery-key'], { 'box.data.makeRecoveryKey': () => ({ key: 'cbdefghi-jklnrtuv' }) })
  assert.match(text.out, /^cbdefghi-jklnrtuv\n\n/)
  assert.match(text.out, /[█▀▄]{5}/)
})

test('box ssh: shows it, lets a key in, shuts all out; a private key never leaves', async (context) => {
  const folder = await temporaryFolder(context)
  const known = { text: 'ssh-ed25519 AAAA old', kind: 'ssh-ed25519', comment: 'old\u001b[2J', fingerprint: 'SHA256:x' }
  const answers: FakeAnswers = {
    'box.ssh.get': () => ({ enabled: true, running: true, keys: [known], hostKey: 'SHA256:host' }),
    'box.ssh.set': () => ({}),
  }
  const shown = await both(['box', 'ssh'], answers)
  assert.match(shown.text.out, /SSH is on\.\n.*SHA256:host/)
  assert.ok(!shown.text.out.includes('\u001b[2J'))
  await writeFile(join(folder, 'new.pub'), '# mine\nssh-ed25519 BBBB me@laptop\n')
  await writeFile(join(folder, 'new'), '-----BEGIN OPENSSH PRIVATE KEY-----\n')
  const on = await both(['box', 'ssh', 'on', '--key', 'new.pub'], answers, { currentFolder: folder })
  assert.deepEqual(on.control.asked('box.ssh.set')[0], { enabled: true, keys: [known.text, 'ssh-ed25519 BBBB me@laptop'] })
  const only = await both(['box', 'ssh', 'on', '--only', '--key', 'new.pub'], answers, { currentFolder: folder })
  assert.deepEqual(only.control.asked('box.ssh.set')[0], { enabled: true, keys: ['ssh-ed25519 BBBB me@laptop'] })
  const off = await both(['box', 'ssh', 'off'], answers)
  assert.deepEqual(off.control.asked('box.ssh.set')[0], { enabled: false, keys: [known.text] })
  for (const line of [['on', '--key', 'new'], ['on', '--key', 'none'], ['perhaps']]) {
    const control = new FakeControl(answers)
    assert.notEqual((await holt(['box', 'ssh', ...line], { control, currentFolder: folder })).exitCode, 0)
    assert.equal(control.asked('box.ssh.set').length, 0)
  }
})

test('help and completion have a JSON form too', async () => {
  assert.ok(((await both(['help'], {})).json as unknown[]).length > 20)
  assert.match(((await both(['completion', 'fish'], {})).json as { script: string }).script, /complete -c holt/)
  assert.deepEqual((await both(['__complete', '--', 'dri'], {})).json, { words: ['drives'], local: null })
})

after(() => {
  for (const { name } of allCommands.filter((command) => command.name !== 'start')) {
    assert.ok(shownInText.has(name) && shownInJson.has(name), `'${name}' was run as text and as JSON`)
  }
})
