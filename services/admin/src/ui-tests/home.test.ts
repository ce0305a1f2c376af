import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DriveInfo, Status } from '@holt/control/schema.ts'
import type { Facts } from '../ui/home/facts.ts'
import { headline, pictureText, statementsOf } from '../ui/home/statements.ts'

const drive = (folder: string, state: DriveInfo['state'] = 'ok', freeBytes = 5e11): DriveInfo => ({
  id: folder,
  folder,
  state,
  totalBytes: 1e12,
  freeBytes,
  fragmentBytes: 1e9,
  fragmentCount: 9,
})

function factsOf(
  { store = {}, ...status }: Partial<Omit<Status, 'store'>> & { store?: Partial<Status['store']> } = {},
  more: Partial<Facts> = {},
): Facts {
  const stored = { blocks: 10, packs: 2, packBytes: 1e9, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0, ...store }
  const node = { state: 'ready', keyBackedUp: true, dataFolder: '/data/holt', ...status, store: stored } as Status
  const standard = { name: 'standard', dataFragments: 2, totalFragments: 3, setByOwner: false, packs: 2, packBytes: 1e9, lossesSurvived: 1 }
  return {
    status: node,
    drives: [drive('/mnt/oak'), drive('/mnt/ash'), drive('/mnt/birch')],
    classes: [standard],
    jobs: [],
    volumes: null,
    network: null,
    updates: null,
    access: null,
    disks: [],
    secure: null,
    ...more,
  }
}

const said = (facts: Facts): string[] => statementsOf(facts).map(({ level, title, page }) => `${level} ${page}: ${title}`)

test('a node that is well needs nobody, and nothing unknown is called well', () => {
  assert.equal(headline(factsOf()).level, 'good')
  assert.deepEqual(said(factsOf()), [
    'good storage: All 3 drives answer',
    'good storage: 1.5 TB of space left on the drives',
    'good owner: Your root key, which has a backup',
  ])
  assert.deepEqual(said(factsOf({}, { drives: [] })), ['good owner: Your root key, which has a backup'])
})

test('the worst comes first, each with the page where one acts', () => {
  const facts = factsOf(
    { keyBackedUp: false, store: { degradedPacks: 4, unspreadBytes: 12e6 } },
    {
      drives: [drive('/mnt/oak', 'missing'), drive('/mnt/ash', 'ok', 3e10), drive('/mnt/birch', 'full', 0)],
      volumes: [
        { mount: '/', device: 'x', fileSystem: 'ext4', totalBytes: 1e11, freeBytes: 9e10 },
        { mount: '/data', device: 'y', fileSystem: 'ext4', totalBytes: 1e11, freeBytes: 1e9 },
        { mount: '/database', device: 'z', fileSystem: 'ext4', totalBytes: 1e11, freeBytes: 0 },
      ],
      secure: false,
    },
  )
  assert.deepEqual(said(facts), [
    'bad storage: The drive “oak” is lost',
    'bad system: Only 1.0 GB are left where the node keeps its own data',
    'warn storage: The drive “birch” is full',
    'warn storage: Only 30 GB of 2.0 TB are left on the drives',
    'warn owner: Your root key has no backup file yet',
    'warn storage: 4 packs are not as safe as planned',
    'warn owner: The way to this page is not encrypted',
    'info storage: 12 MB are still being spread over the drives.',
  ])
  assert.match(headline(facts).title, /One drive is lost/)
})

test('a box says how its clock, network and system are', () => {
  const updates = {
    available: true,
    compatible: 'x',
    booted: 'A',
    version: '0.1.0',
    onTrial: false,
    next: null,
    fellBackFrom: '0.2.0',
    slots: [],
  }
  const access = {
    ssh: null,
    tpm: null,
    time: { now: 0, synchronized: false, zone: 'UTC', server: null },
    account: { hasPassword: true, isPages: true },
  }
  const facts = factsOf({}, { updates: { status: updates, plan: null }, access })
  assert.deepEqual(said(facts).slice(0, 2), ['warn box: The clock may be wrong', 'warn box: Version 0.2.0 of the system did not work'])
})

test('a node that could not open its store says so before all else', () => {
  const { level, page, text } = headline(factsOf({ state: 'failed', problem: 'the index is damaged' }))
  assert.deepEqual([level, page, text], ['bad', 'system', 'the index is damaged'])
})

test('the picture is told to those who do not see it', () => {
  assert.match(
    pictureText(factsOf({}, { drives: [drive('/mnt/oak', 'missing')] })),
    /^1\.0 GB are stored\. oak: Lost, 500 GB of 1\.0 TB free\.$/,
  )
})
