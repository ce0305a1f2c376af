import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { HoltError } from '@holt/core/errors.ts'
import { MemoryDisk } from '@holt/core/memory-disk.ts'
import { createWebCrypto } from '@holt/core/web-crypto.ts'
import { ProgramJournal } from './program-journal.ts'

const crypto = createWebCrypto(() => webcrypto as unknown as globalThis.Crypto)
const key = new Uint8Array(32).fill(7)
const [book, photos] = ['ab'.repeat(16), 'cd'.repeat(16)]
const FILE = 'program-journal'

async function open(disk: MemoryDisk, withKey = key): Promise<{ journal: ProgramJournal; warnings: string[] }> {
  const warnings: string[] = []
  // nothing is written but when a test says so
  const journal = await ProgramJournal.open({ disk, crypto, key: withKey, warn: (text) => warnings.push(text), gatherMs: 3_600_000 })
  return { journal, warnings }
}

function use(program: string, about: string, more: { power?: string; what?: string; code?: 'PATH_INVALID' } = {}) {
  return { time: 1_700_000_000, program, power: 'files', what: 'read', about, code: null, ...more }
}

const aboutsOf = ({ uses }: ReturnType<ProgramJournal['list']>): string[] => uses.map(({ about }) => about)

test('what was written and done is there after a restart, in order, by program, power and refusal, page by page', async () => {
  const disk = new MemoryDisk()
  const { journal: first } = await open(disk)
  first.add(use(book, 'one'))
  first.logOf(book).add({ level: 'warn', text: 'half \ud83d' }, 1_700_000_000.5)
  first.add(use(photos, 'two', { code: 'PATH_INVALID' }))
  await first.flush()
  first.add(use(book, 'photos: /x', { power: '', what: 'grant' }))
  await first.close()

  const { journal, warnings } = await open(disk)
  assert.deepEqual(warnings, [])
  assert.deepEqual(aboutsOf(journal.list({})), ['one', 'two', 'photos: /x'])
  assert.deepEqual(aboutsOf(journal.list({ program: book })), ['one', 'photos: /x'])
  assert.deepEqual(aboutsOf(journal.list({ power: '' })), ['photos: /x'])
  assert.deepEqual(aboutsOf(journal.list({ refused: true })), ['two'])
  assert.deepEqual(
    journal
      .logOf(book)
      .after(0)
      .map(({ level, text, time }) => [level, text, time]),
    [['warn', 'half \ufffd', 1_700_000_000.5]],
  )
  journal.add(use(book, 'three'))
  const last = journal.list({ limit: 2 })
  assert.deepEqual([aboutsOf(last), last.more], [['photos: /x', 'three'], true])
  const before = journal.list({ limit: 2, before: last.uses[0]?.number })
  assert.deepEqual([aboutsOf(before), before.more], [['one', 'two'], false])
  await journal.close()
})

test('a flood of one program pushes out nothing of another, nor what the owner did, and the file stays bounded', async () => {
  const disk = new MemoryDisk()
  const { journal } = await open(disk)
  journal.add(use(photos, 'quiet'))
  journal.add(use(book, 'site', { power: '', what: 'grant' }))
  let largest = 0
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 1000; i++) {
      journal.add(use(book, `${round}/${i} ${'x'.repeat(200)}`))
      journal.logOf(book).add({ level: 'info', text: 'y'.repeat(500) }, 1)
    }
    await journal.flush()
    largest = Math.max(largest, (await disk.sizeOf(FILE)) ?? 0)
  }
  await journal.close()
  // two rings of 128 KiB; a file may be twice as long as what is kept, and 1 MiB more, before it is written anew
  assert.ok(largest < 2.5 * (1 << 20), `${largest} bytes`)
  const { journal: again } = await open(disk)
  assert.deepEqual(aboutsOf(again.list({ program: photos })), ['quiet'])
  assert.deepEqual(aboutsOf(again.list({ program: book, power: '' })), ['site'])
  const { uses } = again.list({ program: book, power: 'files' })
  assert.ok(uses.length > 300 && uses.at(-1)?.about.startsWith('29/999 '), `${uses.length} uses`)
  await again.close()
})

test('what was cut short or altered is left out, and writing goes on', async () => {
  const disk = new MemoryDisk()
  const { journal: first } = await open(disk)
  for (const about of ['one', 'two', 'three']) {
    first.add(use(book, about))
    await first.flush()
  }
  await first.close()
  const whole = (await disk.readFile(FILE)) as Uint8Array
  await disk.replaceFile(FILE, whole.subarray(0, -3))
  const { journal: cut } = await open(disk)
  cut.add(use(book, 'four'))
  await cut.close()
  const { journal: after } = await open(disk)
  assert.deepEqual(aboutsOf(after.list({})), ['one', 'two', 'four'])
  await after.close()

  const altered = whole.slice()
  altered[40] = (altered[40] as number) ^ 1
  await disk.replaceFile(FILE, altered)
  const { journal: damaged, warnings } = await open(disk)
  assert.deepEqual([aboutsOf(damaged.list({})), warnings.length], [['two', 'three'], 1])
  await damaged.close()
  const stranger = await open(disk, new Uint8Array(32))
  assert.deepEqual([aboutsOf(stranger.journal.list({})), stranger.warnings.length], [[], 1])
  await stranger.journal.close()
})

test('a disk that takes nothing is told of once, and what waits is written when it does again', async () => {
  const disk = new MemoryDisk()
  const { journal, warnings } = await open(disk)
  disk.fault = (operation) => {
    if (operation === 'write') throw new HoltError('DISK_FULL', 'full')
  }
  for (const about of ['one', 'two']) {
    journal.add(use(book, about))
    await journal.flush()
  }
  assert.deepEqual([aboutsOf(journal.list({})), warnings.length], [['one', 'two'], 1])
  disk.fault = null
  journal.add(use(book, 'three'))
  await journal.close()
  const { journal: again } = await open(disk)
  assert.deepEqual(aboutsOf(again.list({})), ['one', 'two', 'three'])
  await again.close()
})
