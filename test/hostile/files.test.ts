import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import type { ProgramGrant } from '@holt/control/programs.ts'
import type { WishedPower } from '@holt/core/package/powers.ts'
import { bodyOf, textOf } from '@holt/node/node-world.ts'
import { ProgramWorld } from '@holt/node/programs/program-world.ts'
import { openCagedSandbox } from '@holt/platform-nodejs/sandbox/caged-sandbox.ts'
import { ERRNO } from '@holt/sandbox/vat/wasi/errno.ts'
import { RESULT_AT, ROOM_AT, type WasiCall, wasiCalls } from '@holt/sandbox/testing/wasi-calls.ts'

// What a program in WebAssembly tries with the calls of WASI for files, in the real cage, against a real node.

const PHOTOS = 3
const READ = 1n << 1n
const WRITE = 1n << 6n
const CREATE = 1
const wishes: WishedPower[] = [
  { kind: 'page', name: 'site', reason: 'the test asks there' },
  { kind: 'folder', name: 'photos', reason: 'to get out of it', write: true },
]
const grants = (write: boolean): ProgramGrant[] => [
  { kind: 'page', name: 'site', network: false },
  { kind: 'folder', name: 'photos', path: '/given/photos', write },
]
const open = (path: string, { how = 0, rights = READ } = {}): WasiCall => [
  'path_open',
  PHOTOS,
  1,
  { text: path },
  how,
  rights,
  0n,
  0,
  RESULT_AT,
]

let world: ProgramWorld
let end: () => unknown
let programs = 0

before(async () => {
  const ends: (() => unknown)[] = []
  world = await ProgramWorld.start({ after: (work: () => unknown) => ends.unshift(work) } as never, {
    openSandbox: () => openCagedSandbox(),
  })
  end = async () => {
    for (const work of ends) await work()
  }
  await world.call('files.mkdir', { path: '/given/photos/inner', parents: true })
  await put('/given/photos/a.txt', 'content of a')
  await put('/diary.txt', 'secret')
  await put('/given/other.txt', 'not given')
  const mount = await world.node.mountable.mount({
    path: '/given/photos',
    readOnly: false,
    uid: 0,
    gid: 0,
    events: { changed: () => {}, renamed: () => {} },
  })
  for (const [name, target] of Object.entries({
    up: '..',
    out: '../other.txt',
    top: '/diary.txt',
    host: '/etc/passwd',
    loop: 'loop',
    own: 'a.txt',
  }))
    await mount.makeSymlink({ parent: 1, name }, { target, mode: 0o777, uid: 0, gid: 0 })
  await mount.end()
})
after(() => end())

async function put(path: string, text: string): Promise<void> {
  await world.node.files.write(path, bodyOf(text), { signal: new AbortController().signal })
}

const content = async (path: string): Promise<string> =>
  textOf((await world.node.files.read(path, { signal: new AbortController().signal })).body)

/** Installs a program that makes these calls, visits its page, and takes it away again. */
async function made(
  calls: readonly WasiCall[],
  { write = true, often = false } = {},
): Promise<{ status: number; errnos: number[]; log: string }> {
  const name = `calls-${programs++}`
  const archive = await world.package(wasiCalls(calls, { often }), { name, title: name, powers: wishes })
  const { id, page } = await world.install(archive, grants(write))
  const answer = await new Promise<{ status: number; bytes: Uint8Array }>((resolve, reject) =>
    request({ host: '127.0.0.1', port: page?.port ?? 0, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(parts) }))
    })
      .on('error', reject)
      .end(),
  )
  const log = (await world.call('programs.logs', { id })).lines.map(({ text }) => text).join('\n')
  await world.call('programs.remove', { id })
  assert.deepEqual(await content('/diary.txt'), 'secret')
  assert.deepEqual(await content('/given/other.txt'), 'not given')
  return { status: answer.status, errnos: answer.status === 200 ? [...answer.bytes] : [], log }
}

test('no path leads out of the folder: not by .., not from the top, not by a link, to read or to change', async () => {
  const paths = ['..', '../other.txt', 'inner/../../other.txt', './../../diary.txt', '/diary.txt', '/given/other.txt', '/etc/passwd']
  const opened = await made([...paths.map((path) => open(path)), ...paths.map((path) => open(path, { how: CREATE, rights: WRITE }))])
  assert.deepEqual(opened.errnos, Array(2 * paths.length).fill(ERRNO.outside))
  const links = ['up', 'out', 'top', 'host', 'loop', 'own']
  assert.deepEqual((await made(links.map((name) => open(name, { rights: READ | WRITE })))).errnos, Array(links.length).fill(ERRNO.link))
  const through = await made(['up/other.txt', 'up/photos/a.txt', 'top/x', 'host/x'].map((path) => open(path)))
  assert.deepEqual(through.errnos, Array(4).fill(ERRNO.notDirectory))
  const changed = await made([
    ['path_rename', PHOTOS, { text: 'a.txt' }, PHOTOS, { text: '../a.txt' }],
    ['path_rename', PHOTOS, { text: '../other.txt' }, PHOTOS, { text: 'taken' }],
    ['path_rename', PHOTOS, { text: 'a.txt' }, PHOTOS, { text: 'up/a.txt' }],
    ['path_unlink_file', PHOTOS, { text: '../other.txt' }],
    ['path_remove_directory', PHOTOS, { text: '.' }],
    ['path_create_directory', PHOTOS, { text: '../new' }],
    ['path_create_directory', PHOTOS, { text: 'up/new' }],
    ['path_symlink', { text: '/diary.txt' }, PHOTOS, { text: 'made' }],
    ['path_readlink', PHOTOS, { text: 'top' }, ROOM_AT, 100, RESULT_AT],
  ])
  const { outside, notDirectory, busy, notThere } = ERRNO
  assert.deepEqual(changed.errnos, [outside, outside, notDirectory, outside, busy, outside, notDirectory, notThere, notThere])
  assert.equal(await content('/given/photos/a.txt'), 'content of a')
})

test('what is closed, was never open, or is not what a call is for is said to be so', async () => {
  const fd = { loadedFrom: RESULT_AT }
  const { errnos } = await made([
    open('a.txt'),
    ['fd_close', fd],
    ['fd_read', fd, 0, 0, RESULT_AT + 8],
    ['fd_pread', fd, 0, 0, 0n, RESULT_AT + 8],
    ['fd_seek', fd, 0n, 0, RESULT_AT + 8],
    ['fd_sync', fd],
    ['fd_close', fd],
    ['fd_close', -1],
    ['fd_close', 0x7fffffff],
    ['fd_readdir', fd, ROOM_AT, 100, 0n, RESULT_AT + 8],
    ['fd_prestat_dir_name', fd, ROOM_AT, 100],
    ['fd_renumber', fd, PHOTOS],
    ['path_open', fd, 0, { text: 'a.txt' }, 0, READ, 0n, 0, RESULT_AT],
    ['fd_read', PHOTOS, 0, 0, RESULT_AT + 8],
    ['fd_close', PHOTOS],
    open('a.txt'),
  ])
  assert.deepEqual(errnos, [0, 0, ...Array(11).fill(ERRNO.badFd), ERRNO.isDirectory, 0, ERRNO.badFd])
})

test('files that are opened and never closed are refused when there are many, and the node has nothing of them', async () => {
  const many = await made([open('a.txt'), open('inner')], { often: true })
  assert.deepEqual(many.errnos, [ERRNO.tooManyFiles, ERRNO.tooManyFiles])
  assert.deepEqual((await made([open('a.txt')])).errnos, [0], 'the next begins with none')
})

test('parts as large as its memory and places outside of it end the program, and nothing else', async () => {
  const fd = { loadedFrom: RESULT_AT }
  const bomb: WasiCall[] = [open('a.txt', { rights: READ | WRITE })]
  for (const call of [
    ['fd_read', fd, 0x3ffff0, 0xffffffff, RESULT_AT + 8],
    ['fd_pread', fd, 0xfffffff0, 1, 0n, RESULT_AT + 8],
    ['fd_write', fd, 0x3ffff8, 100, RESULT_AT + 8],
    ['fd_readdir', PHOTOS, ROOM_AT, 0xffffffff, 0n, RESULT_AT + 8],
    ['path_filestat_get', PHOTOS, 0, { text: 'a.txt' }, 0xfffffff0],
    ['path_open', PHOTOS, 0, 0x3fffff, 4000, 0, READ, 0n, 0, RESULT_AT],
    ['path_open', PHOTOS, 0, { text: 'a.txt' }, 0, READ, 0n, 0, 0x3fffff],
  ] as WasiCall[]) {
    const { status, log } = await made([...bomb, call])
    assert.equal(status, 500, call[0])
    assert.match(log, /outside of its memory was handed to the host/, call[0])
  }
  const { errnos } = await made([
    ...bomb,
    ['path_open', PHOTOS, 0, 0, 0xffffffff, 0, READ, 0n, 0, RESULT_AT],
    ['fd_pwrite', fd, RESULT_AT, 0, -1n, RESULT_AT + 8],
    ['fd_pwrite', fd, RESULT_AT, 0, 0x7fffffffffffffffn, RESULT_AT + 8],
    ['fd_filestat_set_size', fd, -1n],
    ['fd_seek', fd, -0x8000000000000000n, 1, RESULT_AT + 8],
  ])
  assert.deepEqual(errnos, [0, ERRNO.nameTooLong, ...Array(4).fill(ERRNO.invalid)])
  assert.equal(await content('/given/photos/a.txt'), 'content of a')
})

test('a folder for reading stays as it is, whatever rights a program says it has', async () => {
  const { errnos } = await made(
    [
      open('a.txt', { rights: READ | WRITE }),
      open('a.txt', { how: 8 }),
      open('new.txt', { how: CREATE }),
      ['path_create_directory', PHOTOS, { text: 'new' }],
      ['path_unlink_file', PHOTOS, { text: 'a.txt' }],
      ['path_rename', PHOTOS, { text: 'a.txt' }, PHOTOS, { text: 'b.txt' }],
      open('a.txt'),
      ['fd_filestat_set_size', { loadedFrom: RESULT_AT }, 0n],
    ],
    { write: false },
  )
  assert.deepEqual(errnos, [...Array(3).fill(ERRNO.readOnly), ...Array(3).fill(ERRNO.access), 0, ERRNO.badFd])
  const entries = (await world.call('files.list', { path: '/given/photos' })).entries.filter(({ type }) => type !== 'symlink')
  assert.deepEqual(entries.map(({ name }) => name).sort(), ['a.txt', 'inner'])
})
