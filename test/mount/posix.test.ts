import assert from 'node:assert/strict'
import { constants } from 'node:fs'
import {
  access,
  appendFile,
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, until } from '../peers/harness.ts'
import { mountWorld, runIn } from './world.ts'

const says = (code: string) => (error: NodeJS.ErrnoException) => error.code === code

test('a mounted tree is a file system as programs know it', async (context) => {
  const world = await mountWorld(context)
  const { folder } = world
  const at = (...names: string[]): string => join(folder, ...names)

  await context.test('files are written, read, cut, made longer and appended to at any place', async () => {
    const handle = await open(at('file'), 'w+', 0o640)
    await handle.write(Buffer.from('0123456789'), 0, 10, 0)
    await handle.write(Buffer.from('ab'), 0, 2, 5)
    await handle.write(Buffer.from('end'), 0, 3, 100_000)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(20), 0, 20, 0)
    assert.equal(buffer.subarray(0, bytesRead).toString('latin1'), `01234ab789${'\0'.repeat(10)}`)
    await handle.truncate(8)
    await handle.truncate(12)
    await handle.sync()
    await handle.close()
    await appendFile(at('file'), '!')
    assert.equal(await readFile(at('file'), 'latin1'), '01234ab7\0\0\0\0!')
    await truncate(at('file'), 3)
    assert.equal(await readFile(at('file'), 'latin1'), '012')
    assert.equal((await stat(at('file'))).mode, 0o100640)
  })

  await context.test('the tree has what was synced', async () => {
    const handle = await open(at('synced'), 'w')
    await handle.writeFile('durable')
    await handle.sync()
    const { entries } = await world.node.call('files.list', { path: '/' })
    assert.deepEqual(
      entries.filter(({ name }) => name === 'synced').map(({ sizeBytes }) => sizeBytes),
      [7],
    )
    await handle.close()
  })

  await context.test('open modes are kept', async () => {
    await writeFile(at('there'), 'x')
    await assert.rejects(open(at('there'), 'wx'), says('EEXIST'))
    await assert.rejects(open(at('missing'), 'r+'), says('ENOENT'))
    await assert.rejects(open(folder, 'w'), says('EISDIR'))
    await assert.rejects(open(at('there', 'below'), 'r'), says('ENOTDIR'))
    await assert.rejects(open(at('there'), constants.O_DIRECTORY), says('ENOTDIR'))
    const handle = await open(at('there'), constants.O_RDONLY)
    await assert.rejects(handle.write('y'), says('EBADF'))
    await handle.close()
  })

  await context.test('directories are made, listed and removed', async () => {
    await mkdir(at('a', 'b', 'c'), { recursive: true })
    await assert.rejects(mkdir(at('a')), says('EEXIST'))
    await assert.rejects(rmdir(at('a')), says('ENOTEMPTY'))
    await assert.rejects(rmdir(at('there')), says('ENOTDIR'))
    await assert.rejects(unlink(at('a')), (error: NodeJS.ErrnoException) => error.code === 'EISDIR' || error.code === 'EPERM')
    await rmdir(at('a', 'b', 'c'))
    assert.deepEqual(await readdir(at('a', 'b')), [])
    await mkdir(at('many'))
    const names = Array.from({ length: 3000 }, (_, i) => `name ${i}`)
    for (const name of names) await writeFile(at('many', name), '')
    assert.deepEqual((await readdir(at('many'))).sort(), [...names].sort())
    await rm(at('many'), { recursive: true })
  })

  await context.test('a file that is open outlives its name', async () => {
    const handle = await open(at('doomed'), 'w+')
    await handle.write('before')
    await unlink(at('doomed'))
    await assert.rejects(stat(at('doomed')), says('ENOENT'))
    await handle.write(' and after')
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(100), 0, 100, 0)
    assert.equal(buffer.subarray(0, bytesRead).toString(), 'before and after')
    assert.equal((await handle.stat()).size, 16)
    await handle.sync()
    await handle.close()
  })

  await context.test('names are moved: over others, not over others, one for the other', async () => {
    await writeFile(at('one'), '1')
    await writeFile(at('two'), '2')
    const open1 = await open(at('one'), 'r+')
    await rename(at('one'), at('two'))
    assert.equal(await readFile(at('two'), 'utf8'), '1')
    await open1.write('moved')
    await open1.close()
    assert.equal(await readFile(at('two'), 'utf8'), 'moved')
    await mkdir(at('dir', 'inner'), { recursive: true })
    await assert.rejects(rename(at('two'), at('dir')), says('EISDIR'))
    await assert.rejects(rename(at('dir'), at('two')), says('ENOTDIR'))
    await assert.rejects(rename(at('dir'), at('dir', 'inner', 'x')), says('EINVAL'))
    await writeFile(at('one'), 'other')
    await runIn(folder, 'mv', ['--no-clobber', 'one', 'two'])
    assert.equal(await readFile(at('two'), 'utf8'), 'moved')
    await runIn(folder, 'python3', ['-c', exchange, 'one', 'two'])
    assert.deepEqual([await readFile(at('one'), 'utf8'), await readFile(at('two'), 'utf8')], ['moved', 'other'])
    await runIn(folder, 'python3', ['-c', exchange, 'one', 'dir'])
    assert.equal(await readFile(at('dir'), 'utf8'), 'moved')
    assert.deepEqual(await readdir(at('one')), ['inner'])
  })

  await context.test('symlinks lead on; there are no hard links, pipes and devices', async () => {
    await writeFile(at('target'), 'here')
    await symlink('target', at('link'))
    assert.equal(await readlink(at('link')), 'target')
    assert.equal(await readFile(at('link'), 'utf8'), 'here')
    assert.equal((await lstat(at('link'))).size, 6)
    await assert.rejects(link(at('target'), at('hard')), says('EPERM'))
    assert.equal((await run('mkfifo', [at('pipe')])).exitCode, 1)
  })

  await context.test('modes, owners and times are kept, also by the next mount', async () => {
    await writeFile(at('mine'), 'x')
    await chmod(at('mine'), 0o4751)
    await chown(at('mine'), 1234, 4321)
    await runIn(folder, 'touch', ['-d', '@-1.25', 'mine'])
    await runIn(folder, 'touch', ['-d', '2026-01-02 03:04:05.123456789 UTC', 'exact'])
    await mkdir(at('theirs'), 0o2750)
    await chmod(at('theirs'), 0o2750)
    await chown(at('theirs'), 1234, 4321)
    await writeFile(at('theirs', 'inherits'), '')
    await world.unmount()
    await world.mount()
    const { mode, uid, gid, mtimeMs } = await stat(at('mine'))
    // who changes the owner takes away what runs as that one
    assert.deepEqual([mode & 0o7777, uid, gid, mtimeMs], [0o751, 1234, 4321, -1250])
    assert.equal((await stat(at('exact'), { bigint: true })).mtimeNs, 1767323045123456789n)
    assert.deepEqual([(await stat(at('theirs'))).mode & 0o7777, (await stat(at('theirs', 'inherits'))).gid], [0o2750, 4321])
  })

  await context.test('others have the rights that owners and modes give', async () => {
    await chmod(folder, 0o755)
    await chmod(join(folder, '..'), 0o755)
    await writeFile(at('secret'), 'x', { mode: 0o600 })
    await writeFile(at('public'), 'x', { mode: 0o644 })
    const as = (command: string) => run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', command], { cwd: '/' })
    assert.equal((await as(`cat ${at('secret')}`)).exitCode, 1)
    assert.equal((await as(`cat ${at('public')}`)).stdout, 'x')
    assert.equal((await as(`echo y > ${at('public')}`)).exitCode, 2)
    await mkdir(at('open'))
    await chmod(at('open'), 0o777)
    assert.equal((await as(`echo y > ${at('open', 'file')}`)).exitCode, 0)
    assert.equal((await stat(at('open', 'file'))).uid, 65534)
    await assert.doesNotReject(access(at('secret')))
  })

  await context.test('what is mounted for one user is for nobody else, and what is made there is theirs', async () => {
    const theirs = world.place('theirs')
    await world.mount(theirs, '/', '--for', 'nobody')
    const as = (uid: number, command: string) =>
      run('setpriv', [`--reuid=${uid}`, '--regid=65534', '--clear-groups', 'sh', '-c', command], { cwd: '/' })
    const made = await as(65534, `echo x > ${join(theirs, 'by-nobody')} && stat -c %u ${join(theirs, 'by-nobody')}`)
    assert.deepEqual([made.exitCode, made.stdout], [0, '65534\n'], made.stderr)
    assert.equal((await as(65533, `ls ${theirs}`)).exitCode, 2)
    await assert.rejects(readdir(theirs), says('EACCES'))
    await world.unmount(theirs)
    assert.equal(await readFile(at('by-nobody'), 'utf8'), 'x\n')
    assert.equal((await stat(at('by-nobody'))).uid, 0)
    assert.equal((await world.holt('mount', theirs, '--for', 'nobody-at-all')).exitCode, 3)
  })

  await context.test('extended attributes are kept', async () => {
    await writeFile(at('attributed'), 'x')
    const program = `
import os, sys
for path in sys.argv[1:]:
    os.setxattr(path, 'user.colour', b'green\\0')
    os.setxattr(path, 'user.empty', b'')
    assert os.getxattr(path, 'user.colour') == b'green\\0'
    assert sorted(os.listxattr(path)) == ['user.colour', 'user.empty'], os.listxattr(path)
    os.removexattr(path, 'user.empty')
    try: os.setxattr(path, 'user.colour', b'', os.XATTR_CREATE); assert False
    except FileExistsError: pass
    try: os.getxattr(path, 'user.none'); assert False
    except OSError as error: assert error.errno == 61
    for name in 'owner', 'system.other', 'user2.x':
        try: os.setxattr(path, name, b'x'); assert False, name
        except OSError as error: assert error.errno == 95, error
    try:
        for i in range(300): os.setxattr(path, 'user.large%d' % i, bytes(65536))
        assert False
    except OSError as error: assert error.errno == 28, error
    for name in os.listxattr(path):
        if 'large' in name: os.removexattr(path, name)
os.chown(sys.argv[1], 5, 6)
assert os.listxattr(sys.argv[1]) == ['user.colour']
`
    await runIn(folder, 'python3', ['-c', program, 'attributed', '.'])
  })

  await context.test('space is told, holes cost none, names may have 255 bytes', async () => {
    const { bavail, bsize } = await statfs(folder)
    assert.ok(bavail * bsize > 1 << 20)
    await truncate(at('public'), 2 ** 40)
    const handle = await open(at('public'), 'r+')
    await handle.write('far', 2 ** 40 - 3)
    await handle.sync()
    const { buffer } = await handle.read(Buffer.alloc(3), 0, 3, 2 ** 40 - 3)
    assert.equal(buffer.toString(), 'far')
    await handle.close()
    await runIn(folder, 'fallocate', ['--punch-hole', '--offset', '0', '--length', '1', 'target'])
    assert.equal(await readFile(at('target'), 'latin1'), '\0ere')
    await writeFile(at('ä'.repeat(127) + 'x'), '')
    await assert.rejects(writeFile(at('y'.repeat(256)), ''), says('ENAMETOOLONG'))
  })

  await context.test('what no file can be is refused at once, and keeps nothing else from being saved', async () => {
    await writeFile(at('odd'), 'x')
    const handle = await open(at('odd'), 'r+')
    const [longest, tooFar] = [2 ** 53 - 1, 2n ** 62n]
    await runIn(folder, 'python3', ['-c', writesFar, 'odd', String(tooFar)])
    await handle.truncate(longest)
    await runIn(folder, 'fallocate', ['--punch-hole', '--offset', '0', '--length', String(longest), 'odd'])
    await handle.truncate(1)
    await handle.sync()
    await handle.close()
    assert.equal(await readFile(at('odd'), 'latin1'), '\0')
    await runIn(folder, 'sync', ['-f', '.'])
  })

  await context.test('what changes elsewhere shows at once', async () => {
    await writeFile(at('shared'), 'first')
    await runIn(folder, 'sync', ['-f', '.'])
    assert.equal(await readFile(at('shared'), 'utf8'), 'first')
    await assert.rejects(stat(at('by holt')), says('ENOENT'))
    await world.ok('mkdir', '/by holt')
    await until('the directory made elsewhere', () => stat(at('by holt')).catch(() => null))
    await writeFile(world.place('local'), 'second!')
    await world.ok('put', world.place('local'), '/shared')
    await until('the new content', async () => (await readFile(at('shared'), 'utf8')) === 'second!')
    await world.ok('rm', '/shared')
    await until('the end of the file', async () => !(await readdir(folder)).includes('shared'))
  })

  await context.test('a name that is replaced elsewhere is always there: as it was, or as it is', async () => {
    for (let round = 0; round < 8; round++) {
      await writeFile(world.place('local'), `round ${round}`)
      let isOver = false
      const put = world.ok('put', world.place('local'), '/replaced').then(() => (isOver = true))
      while (!isOver)
        if (round > 0) assert.match(await readFile(at('replaced'), 'utf8'), /^round \d+$/)
        else await new Promise((resolve) => setTimeout(resolve, 5))
      await put
    }
  })

  await context.test('parts of the tree and older versions are mounted for reading', async () => {
    await runIn(folder, 'sync', ['-f', '.']) // what is not durable yet becomes one version with what follows
    const before = (await world.node.call('node.status', {})).sequence
    await mkdir(at('part'))
    const handle = await open(at('part', 'later'), 'w')
    await handle.writeFile('later')
    await handle.sync()
    await handle.close()
    const part = world.place('part')
    await world.mount(part, '/part', '--read-only')
    assert.equal(await readFile(join(part, 'later'), 'utf8'), 'later')
    await assert.rejects(writeFile(join(part, 'x'), ''), says('EROFS'))
    await world.unmount(part)
    const past = world.place('past')
    await world.mount(past, '/', '--at', String(before))
    assert.ok(!(await readdir(past)).includes('part'))
    assert.equal(await readFile(join(past, 'target'), 'latin1'), '\0ere')
    await world.unmount(past)
    assert.equal((await world.holt('mount', past, '/nowhere')).exitCode, 3)
  })
})

/** At once, for the kernel says only at the next sync what became of what it gathered. */
const writesFar = `
import errno, mmap, os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_DIRECT)
try: os.pwritev(file, [mmap.mmap(-1, 4096)], int(sys.argv[2])); assert False
except OSError as error: assert error.errno == errno.EFBIG, error
try: os.ftruncate(file, 2 ** 53); assert False
except OSError as error: assert error.errno == errno.EFBIG, error
`

/** `mv` of this Debian cannot. */
const exchange = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2) != 0: raise OSError(ctypes.get_errno(), 'renameat2')
`
