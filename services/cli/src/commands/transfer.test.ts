import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { Entry } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { covering, directory, notThere, report, temporaryFolder } from '../command-world.ts'
import { holt } from '../fake-terminal.ts'

const { both } = covering('transfer')

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
