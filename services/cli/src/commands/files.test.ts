import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { Entry } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { covering, directory, entry, notThere } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'
import { localTime } from '../format.ts'

const { both } = covering('files')

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
