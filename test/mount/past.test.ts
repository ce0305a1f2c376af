import assert from 'node:assert/strict'
import {
  access,
  appendFile,
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, until } from '../peers/harness.ts'
import { type MountWorld, mountWorld, runIn } from './world.ts'

/** `.holt` of a mounted folder: how it was. */

const says = (code: string) => (error: NodeJS.ErrnoException) => error.code === code

/** Writes a file and makes it durable. @returns the number of the version that has it so. */
async function write(world: MountWorld, name: string, text: string): Promise<number> {
  const handle = await open(join(world.folder, name), 'w')
  await handle.writeFile(text)
  await handle.sync()
  await handle.close()
  return (await world.node.call('node.status', {})).sequence as number
}

test('a mounted folder leads to how it was', async (context) => {
  const world = await mountWorld(context)
  const { folder } = world
  const past = (...names: string[]): string => join(folder, '.holt', ...names)
  const named = (names: readonly string[], sequence: number): string => {
    const name = names.find((one) => one.endsWith(`Z-v${sequence}`))
    assert.ok(name, `${names.join(' ')} has no version ${sequence}`)
    return name
  }
  await mkdir(join(folder, 'letters'))
  const first = await write(world, 'letters/aunt', 'Dear aunt')
  await write(world, 'other', 'x')
  const second = await write(world, 'letters/aunt', 'Dear aunt Ada')
  await rm(join(folder, 'other'))
  const last = await write(world, 'letters/uncle', 'Dear uncle')

  await context.test('who does not ask for it does not meet it', async () => {
    assert.deepEqual((await readdir(folder)).sort(), ['letters'])
    assert.doesNotMatch(await runIn(folder, 'find', ['.']), /holt/)
    assert.deepEqual((await readdir(past())).sort(), ['snapshots', 'versions'])
    assert.deepEqual((await readdir(folder)).sort(), ['letters'])
  })

  await context.test('each version of a file is a file', async () => {
    assert.deepEqual(await readdir(past('versions')), ['letters'])
    assert.deepEqual((await readdir(past('versions', 'letters'))).sort(), ['aunt', 'uncle'])
    const names = await readdir(past('versions', 'letters', 'aunt'))
    assert.match(names.join(' '), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ-v\d+( |$)/)
    assert.equal(await readFile(past('versions/letters/aunt', named(names, first)), 'utf8'), 'Dear aunt')
    assert.equal(await readFile(past('versions/letters/aunt', named(names, second)), 'utf8'), 'Dear aunt Ada')
    assert.ok(!names.some((name) => name.endsWith(`-v${last}`)), 'it is no version of its own where nothing changed')
    assert.equal(await readFile(past('versions/letters/aunt', String(first)), 'utf8'), 'Dear aunt')
    await assert.rejects(access(past('versions/letters/aunt', '2001-02-03')), says('ENOENT'))
    await assert.rejects(access(past('versions/letters/nobody')), says('ENOENT'))
  })

  await context.test('what was removed is found by its name', async () => {
    const names = await readdir(past('versions', 'other'))
    assert.equal(await readFile(past('versions/other', names.at(-1) as string), 'utf8'), 'x')
  })

  await context.test('everything as it was, by the name of a version, its number, or a date', async () => {
    const names = await readdir(past('snapshots'))
    const name = named(names, second)
    assert.deepEqual((await readdir(past('snapshots', name))).sort(), ['letters', 'other'])
    assert.deepEqual(await readdir(past('snapshots', name, 'letters')), ['aunt'])
    assert.equal(await readFile(past('snapshots', name, 'letters/aunt'), 'utf8'), 'Dear aunt Ada')
    assert.equal(await readlink(past('snapshots', String(second))), name)
    assert.equal(await readFile(past('snapshots', String(first), 'letters/aunt'), 'utf8'), 'Dear aunt')
    const now = new Date().toISOString()
    assert.equal(await readlink(past('snapshots', now)), named(await readdir(past('snapshots')), last))
    await assert.rejects(access(past('snapshots', '2001-01-01')), says('ENOENT'))
    await assert.rejects(access(past('snapshots', '9999-01-01')), says('ENOENT'))
    await assert.rejects(access(past('snapshots', 'yesterday')), says('ENOENT'))
    assert.equal(await runIn(folder, 'grep', ['-r', '-h', 'Ada', past('snapshots', name)]), 'Dear aunt Ada\n')
  })

  await context.test('a version that is new shows, though others were looked at before', async () => {
    const third = await write(world, 'letters/aunt', 'Dear aunt Eve')
    const names = await readdir(past('versions', 'letters', 'aunt'))
    assert.equal(await readFile(past('versions/letters/aunt', named(names, third)), 'utf8'), 'Dear aunt Eve')
    named(await readdir(past('snapshots')), third)
  })

  await context.test('nothing of it can be changed', async () => {
    const was = past('snapshots', String(second), 'letters', 'aunt')
    await assert.rejects(appendFile(was, 'x'), says('EROFS'))
    await assert.rejects(truncate(was, 0), says('EROFS'))
    await assert.rejects(rm(was), says('EROFS'))
    await assert.rejects(chmod(was, 0o777), says('EROFS'))
    await assert.rejects(writeFile(past('new'), 'x'), says('EROFS'))
    await assert.rejects(mkdir(past('snapshots', 'mine')), says('EROFS'))
    await assert.rejects(rename(join(folder, 'letters'), past('letters')), says('EROFS'))
    await assert.rejects(rename(past(), join(folder, 'mine')), says('EROFS'))
    await assert.rejects(mkdir(past()), says('EEXIST'))
    assert.equal((await run('rm', ['-rf', past()])).exitCode, 1)
    assert.equal(await readFile(was, 'utf8'), 'Dear aunt Ada')
  })

  await context.test('what others may not look at now they may not look at as it was', async () => {
    await chmod(folder, 0o755)
    await chmod(join(folder, '..'), 0o755)
    const look = async (path: string) =>
      (await run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'ls', path], { cwd: '/' })).exitCode
    assert.equal(await look(past('versions', 'letters', 'aunt')), 0)
    await chmod(join(folder, 'letters'), 0o700)
    assert.equal(await look(past('versions', 'letters', 'aunt')), 2)
    await chmod(join(folder, 'letters'), 0o755)
    await chmod(join(folder, 'letters', 'aunt'), 0o600)
    // attributes of files are in the tree within a second
    await until('the new mode', async () => (await look(past('versions', 'letters', 'aunt'))) === 2)
    assert.equal(await look(past('versions', 'letters', 'uncle')), 0)
  })

  await context.test('a part of the tree has the past of that part', async () => {
    const part = world.place('part')
    await world.mount(part, '/letters', '--read-only')
    assert.deepEqual((await readdir(join(part, '.holt/versions'))).sort(), ['aunt', 'uncle'])
    assert.equal(await readFile(join(part, '.holt/snapshots', String(first), 'aunt'), 'utf8'), 'Dear aunt')
    await world.unmount(part)
  })

  await context.test('what the tree itself has by this name comes first', async () => {
    await world.ok('mkdir', '/.holt')
    await writeFile(world.place('local'), 'own')
    await world.ok('put', world.place('local'), '/.holt/file')
    await until('the own directory', async () => (await readdir(past())).includes('file'))
    assert.ok((await readdir(folder)).includes('.holt'))
    await writeFile(past('more'), 'x')
    await rm(past(), { recursive: true })
    assert.deepEqual((await readdir(past())).sort(), ['snapshots', 'versions'])
    assert.ok((await stat(past())).isDirectory())
  })
})
