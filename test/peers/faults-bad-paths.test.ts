import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectControl } from '@holt/control/node/socket.ts'
import type { MethodName, Params } from '@holt/control/schema.ts'
import { type HoltErrorCode, isHoltError } from '@holt/core/errors.ts'
import { afterwards, folders, run, startedNode, temporaryFolder, type TestNode } from './harness.ts'

/** Paths in the tree that nothing may make or find, and the code each is refused with. */
const badPaths: readonly [path: string, code: HoltErrorCode][] = [
  ['../outside', 'PATH_INVALID'],
  ['relative', 'PATH_INVALID'],
  ['', 'INPUT_INVALID'],
  ['/kept/../../etc/passwd', 'NAME_INVALID'],
  ['/..', 'NAME_INVALID'],
  ['/kept/.', 'NAME_INVALID'],
  ['/kept//file', 'PATH_INVALID'],
  ['/kept/', 'PATH_INVALID'],
  ['//', 'PATH_INVALID'],
  ['/kept/nul\0', 'NAME_INVALID'],
  ['\0', 'PATH_INVALID'],
  [`/kept/${'x'.repeat(256)}`, 'NAME_INVALID'],
  [`/kept/${'ü'.repeat(128)}`, 'NAME_INVALID'],
  [`/kept/${'x'.repeat(100_000)}`, 'INPUT_INVALID'],
  ['/kept/half a surrogate \ud800', 'NAME_INVALID'],
  ['/d'.repeat(10_000), 'PATH_INVALID'],
  [`${'/d'.repeat(40_000)}`, 'INPUT_INVALID'],
]

/** Every call that takes a path of the tree, with the path put in. */
const calls: { [Name in MethodName]?: (path: string, local: string) => Params<Name>[] } = {
  'files.list': (path) => [{ path }],
  'files.stat': (path) => [{ path }, { path, at: 1 }],
  'files.mkdir': (path) => [{ path }, { path, parents: true }],
  'files.move': (path) => [
    { from: path, to: '/elsewhere' },
    { from: '/kept/file', to: path },
    { from: '/kept', to: path, replace: true },
  ],
  'files.remove': (path) => [
    { paths: [path], recursive: true },
    { paths: ['/kept', path], recursive: true },
  ],
  'files.versions': (path) => [{ path }],
  'files.restore': (path) => [
    { path, at: 2 },
    { path: '/kept', at: 2, to: path },
  ],
  'files.setClass': (path) => [{ path, redundancyClass: 'precious' }],
  'files.importLocal': (path, local) => [
    { locals: [local], path, place: 'as' },
    { locals: [local], path, place: 'into' },
  ],
  'files.exportLocal': (path, local) => [{ path, local: `${local} out` }],
  'files.openRead': (path) => [{ path }],
  'files.openWrite': (path) => [{ path }, { path, replace: true }],
}

async function codeOf(node: TestNode, name: MethodName, params: Params<MethodName>): Promise<string> {
  try {
    const answer = await node.call(name, params)
    // What cannot be refused when a stream is opened is refused when it ends.
    if ('stream' in answer) await node.call('stream.close', { stream: answer.stream })
    return `an answer: ${JSON.stringify(answer)}`
  } catch (error) {
    return isHoltError(error) ? error.code : String(error)
  }
}

async function nodeWithAFile(folder: string, node: TestNode): Promise<string> {
  await node.call('node.init', { drives: await folders(folder, ['drive']) })
  const local = join(folder, 'local')
  await mkdir(local)
  await writeFile(join(local, 'file'), 'content')
  await node.call('files.importLocal', { locals: [local], path: '/kept', place: 'as' })
  return local
}

test('no call takes a path that leaves the tree, holds NUL, or is too long or deep; nothing changes', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  const local = await nodeWithAFile(folder, node)
  const before = await node.call('node.status', {})
  const wrong: string[] = []
  for (const [path, expected] of badPaths) {
    for (const name of Object.keys(calls) as MethodName[]) {
      const make = calls[name] as (path: string, local: string) => Params<MethodName>[]
      for (const params of make(path, local)) {
        const code = await codeOf(node, name, params)
        if (code !== expected) wrong.push(`${name} ${JSON.stringify(params).slice(0, 120)}: ${code}, not ${expected}`)
      }
    }
  }
  assert.deepEqual(wrong, [])
  const { pid, sequence } = await node.call('node.status', {})
  assert.deepEqual({ pid, sequence }, { pid: before.pid, sequence: before.sequence })
  assert.deepEqual(
    (await node.call('files.list', { path: '/' })).entries.map(({ name }) => name),
    ['kept'],
  )
  assert.deepEqual((await readdir(folder)).sort(), ['data', 'drive', 'local'])
  assert.doesNotMatch(node.log, /error/)
})

test('local folders that are relative, hold NUL or cannot be are refused with a code', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  await nodeWithAFile(folder, node)
  const tooLong = join(folder, 'x'.repeat(256))
  const tooDeep = `${folder}${'/d'.repeat(10_000)}`
  const expectations: [local: string, put: HoltErrorCode, get: HoltErrorCode, drive: HoltErrorCode][] = [
    ['relative', 'INPUT_INVALID', 'INPUT_INVALID', 'INPUT_INVALID'],
    ['', 'INPUT_INVALID', 'INPUT_INVALID', 'INPUT_INVALID'],
    [`${folder}/nul\0`, 'INPUT_INVALID', 'INPUT_INVALID', 'INPUT_INVALID'],
    [tooLong, 'NOT_FOUND', 'IO_FAILED', 'IO_FAILED'],
    [tooDeep, 'NOT_FOUND', 'IO_FAILED', 'IO_FAILED'],
    [`${folder}/not there/drive`, 'NOT_FOUND', 'IO_FAILED', 'DRIVE_MISSING'],
  ]
  for (const [local, put, get, drive] of expectations) {
    const shown = JSON.stringify(local.slice(0, 100))
    assert.equal(await codeOf(node, 'files.importLocal', { locals: [local], path: '/new', place: 'as' }), put, `put ${shown}`)
    assert.equal(await codeOf(node, 'files.exportLocal', { path: '/kept', local }), get, `get ${shown}`)
    assert.equal(await codeOf(node, 'drives.add', { folder: local }), drive, `drive ${shown}`)
  }
  assert.deepEqual(
    (await node.call('files.list', { path: '/' })).entries.map(({ name }) => name),
    ['kept'],
  )
})

test('a get does not write through a symlink that lies where it is to write', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  await nodeWithAFile(folder, node)
  const [victim, out] = (await folders(folder, ['victim', 'out'])) as [string, string]
  await symlink(victim, join(out, 'kept'))
  assert.equal(await codeOf(node, 'files.exportLocal', { path: '/kept', local: out }), 'IO_FAILED')
  assert.deepEqual(await readdir(victim), [])
  await rm(join(out, 'kept'))
  await writeFile(join(victim, 'file'), 'of somebody else')
  await mkdir(join(out, 'kept'))
  await symlink(join(victim, 'file'), join(out, 'kept', 'file'))
  await node.call('files.exportLocal', { path: '/kept', local: out })
  assert.equal(await readFile(join(victim, 'file'), 'utf8'), 'of somebody else')
  assert.equal(await readFile(join(out, 'kept', 'file'), 'utf8'), 'content')
})

test('the deepest tree that is allowed can be made, read, verified and removed', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  await nodeWithAFile(folder, node)
  const deepest = '/d'.repeat(4096)
  await node.call('files.mkdir', { path: deepest, parents: true })
  assert.equal((await node.call('files.stat', { path: deepest })).type, 'directory')
  assert.equal(await codeOf(node, 'files.mkdir', { path: `${deepest}/d` }), 'PATH_INVALID')
  assert.equal(await codeOf(node, 'files.move', { from: '/kept', to: `${deepest}/kept` }), 'PATH_INVALID')
  assert.equal((await node.call('doctor.run', {})).healthy, true)
  assert.equal(await codeOf(node, 'files.exportLocal', { path: '/d', local: join(folder, 'deep') }), 'IO_FAILED')
  await node.call('store.collect', {})
  await node.restart()
  assert.equal((await node.call('files.stat', { path: deepest })).type, 'directory')
  await node.call('files.remove', { paths: ['/d'], recursive: true })
})

test('what lies too deep on the local disk is skipped by name, and the rest comes in', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  await nodeWithAFile(folder, node)
  const deep = join(folder, 'deep')
  await mkdir(deep)
  await writeFile(join(deep, 'beside'), 'content')
  const dig = `for (let i = 0; i < 100; i++) { fs.mkdirSync('d'.repeat(200)); process.chdir('d'.repeat(200)) }; fs.writeFileSync('bottom', 'x')`
  try {
    assert.equal((await run(process.execPath, ['-e', dig], { cwd: deep })).exitCode, 0)
    const { files, skipped } = await node.call('files.importLocal', { locals: [deep], path: '/deep', place: 'as' })
    assert.equal(files, 1)
    assert.equal(skipped.length, 1, 'it says what it could not reach')
    assert.match(skipped[0]?.path as string, /deep(\/d{200}){19,21}$/)
    assert.equal((await node.call('files.stat', { path: '/deep/beside' })).type, 'file')
  } finally {
    await run('rm', ['-rf', deep]) // Node's own `rm` cannot reach that deep either
  }
})

test('a message that is too long ends its connection, and only that', async (context) => {
  const folder = await temporaryFolder(context)
  const node = await startedNode(context, folder)
  await nodeWithAFile(folder, node)
  const client = await connectControl(node.dataFolder)
  afterwards(context, () => client.close())
  await assert.rejects(client.call('files.remove', { paths: ['/d'.repeat(3 << 20)] }), (error) => isHoltError(error, 'TOO_LARGE'))
  assert.equal((await node.call('files.stat', { path: '/kept/file' })).sizeBytes, 7)
})
