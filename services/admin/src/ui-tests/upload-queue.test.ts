import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '@holt/control/schema.ts'
import { Refusal } from '../ui/api/request.ts'
import type { Incoming } from '../ui/files/incoming.ts'
import { type Answer, UploadQueue, type UploadTarget } from '../ui/files/upload-queue.ts'

/** A node that keeps names only, and can be made to hold or to refuse what is sent. */
class MemoryTarget implements UploadTarget {
  readonly folders = new Map<string, Set<string>>([['/', new Set()]])
  readonly sent: { path: string; replace: boolean }[] = []
  sending = 0
  mostAtOnce = 0
  refuse: Map<string, Refusal> = new Map()
  hold: Promise<void> = Promise.resolve()

  async send(path: string, file: File, { replace, signal, onSent }: Parameters<UploadTarget['send']>[2]): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.sending)
    try {
      await Promise.race([
        this.hold,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Refusal('CANCELLED', 'cancelled')))),
      ])
      const refusal = this.refuse.get(path)
      if (refusal) throw refusal
      const [folder, name] = split(path)
      const names = this.folders.get(folder)
      if (!names) throw new Refusal('NOT_FOUND', 'no folder')
      if (names.has(name) && !replace) throw new Refusal('ALREADY_EXISTS', 'taken')
      names.add(name)
      onSent(file.size)
      this.sent.push({ path, replace })
    } finally {
      this.sending--
    }
  }

  async names(folder: string): Promise<Set<string>> {
    const names = this.folders.get(folder)
    if (!names) throw new Refusal('NOT_A_DIRECTORY', 'no folder')
    return new Set(names)
  }

  async stat(path: string): Promise<Entry> {
    return { name: split(path)[1], type: 'file', sizeBytes: 3, mode: 0o644, modified: 0 }
  }

  async makeDirectory(path: string): Promise<void> {
    const [folder, name] = split(path)
    if (this.folders.get(folder)?.has(name)) throw new Refusal('ALREADY_EXISTS', 'taken')
    this.folders.get(folder)?.add(name)
    this.folders.set(path, new Set())
  }

  get paths(): string[] {
    return this.sent.map(({ path }) => path).sort((a, b) => (a < b ? -1 : 1))
  }
}

function split(path: string): [string, string] {
  return [path.slice(0, path.lastIndexOf('/')) || '/', path.slice(path.lastIndexOf('/') + 1)]
}

function incoming(paths: string[], folders: string[] = []): Promise<Incoming> {
  return Promise.resolve({ files: paths.map((path) => ({ path, file: new File(['abc'], split(path)[1]) })), folders })
}

/** Answers each question by the name it is about. */
function start(target: MemoryTarget, answers: Record<string, [Answer, boolean]> = {}) {
  const asked: string[] = []
  let resolveIdle: () => void = () => {}
  const queue: UploadQueue = new UploadQueue(target, () => {
    const { question } = queue
    if (question && asked.at(-1) !== question.item.path) {
      const { path } = question.item
      asked.push(path)
      const answer = answers[path]
      if (answer) queueMicrotask(() => question.answer(...answer))
    }
    if (queue.isIdle) resolveIdle()
  })
  const idle = async (): Promise<void> => {
    while (!queue.isIdle) await new Promise<void>((resolve) => (resolveIdle = resolve))
  }
  return { queue, asked, idle }
}

test('makes each folder once and sends a few files at a time', async () => {
  const target = new MemoryTarget()
  const { queue, idle } = start(target)
  const paths = Array.from({ length: 50 }, (_, i) => `top/${i % 5}/${i}.txt`)
  await queue.add('/', incoming(paths, ['top/empty/deeper']))
  await idle()
  assert.deepEqual(
    target.paths,
    paths.map((path) => `/${path}`).sort((a, b) => (a < b ? -1 : 1)),
  )
  assert.ok(target.folders.has('/top/empty/deeper'))
  assert.equal(target.mostAtOnce, 4)
  assert.ok(queue.items.every(({ state, sentBytes }) => state === 'done' && sentBytes === 3))
})

test('asks about each name that is taken, one question at a time', async () => {
  const target = new MemoryTarget()
  for (const name of ['a.txt', 'b.txt', 'c.txt', 'a (2).txt']) target.folders.get('/')?.add(name)
  const { queue, asked, idle } = start(target, { '/a.txt': ['keep-both', false], '/b.txt': ['skip', false], '/c.txt': ['replace', false] })
  await queue.add('/', incoming(['a.txt', 'b.txt', 'c.txt', 'd.txt']))
  await idle()
  assert.deepEqual(asked, ['/a.txt', '/b.txt', '/c.txt'])
  assert.deepEqual(target.paths, ['/a (3).txt', '/c.txt', '/d.txt'])
  assert.deepEqual(
    target.sent.find(({ path }) => path === '/c.txt'),
    { path: '/c.txt', replace: true },
  )
  assert.deepEqual(
    queue.items.map(({ state }) => state),
    ['done', 'skipped', 'done', 'done'],
  )
})

test('an answer for all others is not asked again, but anew for the next upload', async () => {
  const target = new MemoryTarget()
  for (const name of ['a', 'b', 'c']) target.folders.get('/')?.add(name)
  const answers: Record<string, [Answer, boolean]> = { '/a': ['replace', true] }
  const { queue, asked, idle } = start(target, answers)
  await queue.add('/', incoming(['a', 'b', 'c']))
  await idle()
  assert.deepEqual(asked, ['/a'])
  assert.ok(target.sent.every(({ replace }) => replace))
  answers['/b'] = ['skip', false]
  await queue.add('/', incoming(['b']))
  await idle()
  assert.deepEqual(asked, ['/a', '/b'])
})

test('a name taken in the meantime is asked about too', async () => {
  const target = new MemoryTarget()
  const { queue, asked, idle } = start(target, { '/late': ['keep-both', false] })
  let free: () => void = () => {}
  target.hold = new Promise((resolve) => (free = resolve))
  await queue.add('/', incoming(['late']))
  target.folders.get('/')?.add('late')
  free()
  await idle()
  assert.deepEqual(asked, ['/late'])
  assert.deepEqual(target.paths, ['/late (2)'])
})

test('cancels one, cancels all, and begins nothing new', async () => {
  const target = new MemoryTarget()
  target.hold = new Promise(() => {})
  const { queue, idle } = start(target)
  await queue.add('/', incoming(['1', '2', '3', '4', '5', '6']))
  await target.names('/')
  queue.cancel(queue.items[0] as (typeof queue.items)[0])
  queue.cancel(queue.items[5] as (typeof queue.items)[0])
  queue.cancelAll()
  await idle()
  assert.deepEqual(target.sent, [])
  assert.ok(queue.items.every(({ state }) => state === 'cancelled'))
})

test('cancelling while it asks ends the question', async () => {
  const target = new MemoryTarget()
  target.folders.get('/')?.add('a')
  const { queue, asked, idle } = start(target)
  await queue.add('/', incoming(['a', 'b']))
  while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve))
  queue.cancelAll()
  await idle()
  assert.equal(queue.question, null)
  assert.equal(queue.items[0]?.state, 'cancelled')
})

test('one that fails does not stop the others, and can be tried again', async () => {
  const target = new MemoryTarget()
  target.refuse.set('/bad', new Refusal('DISK_FULL', 'full'))
  const { queue, idle } = start(target)
  await queue.add('/', incoming(['good', 'bad', 'better']))
  await idle()
  assert.deepEqual(target.paths, ['/better', '/good'])
  assert.equal(queue.items.find(({ state }) => state === 'failed')?.refusal?.code, 'DISK_FULL')
  target.refuse.clear()
  queue.retryFailed()
  await idle()
  assert.deepEqual(target.paths, ['/bad', '/better', '/good'])
  queue.clear()
  assert.equal(queue.items.length, 0)
})

test('what cannot be read is told to the one who handed it in', async () => {
  const { queue } = start(new MemoryTarget())
  await assert.rejects(queue.add('/', Promise.reject(new Refusal('IO_FAILED', 'unreadable'))), { code: 'IO_FAILED' })
  assert.ok(queue.isIdle)
})
