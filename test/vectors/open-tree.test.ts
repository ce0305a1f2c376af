import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ListedEntry, listTree } from './tree-listing.ts'

// The vector was written by a node (make-drives.ts) and is read here by a Python program that shares no code with it:
// what docs/formats.md says is all there is to know.

const here = fileURLToPath(new URL('.', import.meta.url))
const vector = join(here, 'drives-v1')
const expected = JSON.parse(readFileSync(join(vector, 'files.json'), 'utf8')) as Record<string, ListedEntry>
const drives = readdirSync(vector).filter((name) => name.startsWith('drive-'))

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'holt-vector-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function openTree(out: string, options: { words?: string; from?: string[] } = {}) {
  const { words = join(vector, 'words.txt'), from = drives.map((drive) => join(vector, drive)) } = options
  const environment = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const args = [join(here, 'reader', 'open_tree.py'), '--words', words, '--out', out, ...from]
  return spawnSync('/usr/bin/python3', args, { encoding: 'utf8', env: environment, timeout: 300_000 })
}

test('an independent reader gets every file back from four of six drives', async (t) => {
  const out = join(temporaryFolder(t), 'out')
  const { status, stderr } = openTree(out)
  assert.equal(status, 0, stderr)
  assert.deepEqual(await listTree(out), expected)
})

test('the vector has what a reader can get wrong', () => {
  const entries = Object.entries(expected)
  assert.equal(drives.length, 4, 'two drives of six are missing')
  assert.ok(entries.some(([, { type }]) => type === 'symlink'))
  assert.ok(
    entries.some(([path, { type }]) => type === 'directory' && !entries.some(([other]) => other.startsWith(`${path}/`))),
    'an empty folder',
  )
  assert.ok(
    entries.some(([, { sizeBytes }]) => sizeBytes === 0),
    'an empty file',
  )
  assert.ok(
    entries.some(([, { sizeBytes = 0 }]) => sizeBytes > 65536),
    'a file of more than one chunk',
  )
  assert.ok(entries.filter(([path]) => path.startsWith('many/')).length > 128, 'a directory of more than one node')
  assert.ok(
    entries.some(([path]) => /[^ -~]/.test(path)),
    'a name beyond ASCII',
  )
})

test('with one drive fewer it says how many fragments are left, and writes nothing wrong', (t) => {
  const out = join(temporaryFolder(t), 'out')
  const { status, stderr } = openTree(out, { from: drives.slice(1).map((drive) => join(vector, drive)) })
  assert.notEqual(status, 0)
  assert.match(stderr, /3 of 6 fragments are left, 4 are needed/)
})

test('an altered fragment is passed over', (t) => {
  const folder = temporaryFolder(t)
  cpSync(join(vector, drives[0] as string), join(folder, 'drive'), { recursive: true })
  const fragments = readdirSync(join(folder, 'drive', 'fragments'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\d+$/.test(name),
  )
  assert.ok(fragments.length > 0)
  for (const name of fragments) {
    const path = join(folder, 'drive', 'fragments', name)
    const bytes = readFileSync(path)
    bytes[100] = (bytes[100] as number) ^ 1
    writeFileSync(path, bytes)
  }
  const from = [join(folder, 'drive'), ...drives.slice(1).map((drive) => join(vector, drive))]
  const { status, stderr } = openTree(join(folder, 'out'), { from })
  assert.notEqual(status, 0)
  assert.match(stderr, /the shard was altered/)
})

test('a wrong word is named, and the words of another open nothing', (t) => {
  const folder = temporaryFolder(t)
  const words = join(folder, 'words.txt')
  writeFileSync(words, readFileSync(join(vector, 'words.txt'), 'utf8').replace(/^\w+/, 'holt'))
  assert.match(openTree(join(folder, 'out'), { words }).stderr, /word 1 is not in the list/)
  writeFileSync(words, `${'abandon '.repeat(23)}art\n`)
  const { status, stderr } = openTree(join(folder, 'out'), { words })
  assert.notEqual(status, 0)
  assert.match(stderr, /of another owner/)
})
