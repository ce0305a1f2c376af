import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { afterwards, run, temporaryFolder, until } from '../peers/harness.ts'
import { twoNodes } from '../peers/cluster-world.ts'
import { MountWorld } from './world.ts'

/** Locks on files of the tree, mounted on two of an owner's nodes. */

/** Does what its lines say: `f x` flock, exclusive or shared, `fn x` without waiting, `fu` back; `p x 0 10` fcntl of a range, and so on; `g` asks who has it. */
const program = `
import errno, fcntl, os, signal, struct, sys
file = os.open(sys.argv[1], os.O_RDWR)
def done(what): print(what, flush=True)
class Interrupted(Exception): pass
asking = False
def interrupt(*_):
    if asking: raise Interrupted()
signal.signal(signal.SIGINT, interrupt)
def posix(command, kind, start, length):
    return fcntl.fcntl(file, command, struct.pack('hhqqi', kind, 0, start, length, 0))
for line in sys.stdin:
    word, *rest = line.split()
    try:
        kind = {'x': fcntl.LOCK_EX, 's': fcntl.LOCK_SH}.get(rest[0] if rest else '')
        types = {'x': fcntl.F_WRLCK, 's': fcntl.F_RDLCK, 'u': fcntl.F_UNLCK}
        asking = True
        if word == 'f': fcntl.flock(file, kind)
        elif word == 'fn': fcntl.flock(file, kind | fcntl.LOCK_NB)
        elif word == 'fu': fcntl.flock(file, fcntl.LOCK_UN)
        elif word == 'p': posix(fcntl.F_SETLKW, types[rest[0]], int(rest[1]), int(rest[2]))
        elif word == 'pn': posix(fcntl.F_SETLK, types[rest[0]], int(rest[1]), int(rest[2]))
        elif word == 'g':
            kind, _, start, length, pid = struct.unpack('hhqqi', posix(fcntl.F_GETLK, types[rest[0]], int(rest[1]), int(rest[2])))
            done('free' if kind == fcntl.F_UNLCK else '%d %d %d' % (start, length, pid)); continue
        elif word == 'close-other': os.close(os.open(sys.argv[1], os.O_RDWR))
        done('ok')
    except Interrupted: done('interrupted')
    except OSError as error: done(errno.errorcode[error.errno])
    finally: asking = False
`

class Locker {
  readonly process: ChildProcess
  readonly #answers: string[] = []

  constructor(context: TestContext, file: string) {
    this.process = spawn('python3', ['-c', program, file], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on('line', (line) => this.#answers.push(line))
    afterwards(context, () => this.process.kill('SIGKILL'))
  }

  begin(line: string): void {
    this.process.stdin?.write(`${line}\n`)
  }

  async answer(): Promise<string> {
    return until('its answer', async () => this.#answers.shift() ?? null)
  }

  async does(line: string): Promise<string> {
    this.begin(line)
    return this.answer()
  }

  get hasAnswered(): boolean {
    return this.#answers.length > 0
  }
}

test("locks in a mounted folder hold between programs and between an owner's nodes", async (context) => {
  const below = await temporaryFolder(context)
  const [one, other] = await twoNodes(context, below)
  await until('two nodes', async () => (await one.node.call('cluster.show', {})).nodes.length === 1)
  const { self } = await one.node.call('cluster.show', {})
  await one.node.call('cluster.setVoters', { nodes: [self as string] })
  const worlds = [one, other].map(({ node, name }) => new MountWorld(node, join(below, `${name}-places`)))
  for (const world of worlds) {
    afterwards(context, () => run('umount', ['-i', '-l', world.folder]))
    await world.mount()
  }
  const [here, there] = worlds.map(({ folder }) => join(folder, 'ledger')) as [string, string]
  await writeFile(here, 'first')
  await run('sync', [here])
  await until('the file on the other node', async () => (await run('cat', [there])).stdout === 'first')

  await context.test('between programs of one node: ranges, kinds, who has it, until the process ends', async () => {
    const [a, b] = [new Locker(context, here), new Locker(context, here)]
    assert.deepEqual([await a.does('p x 0 10'), await b.does('pn x 10 5'), await b.does('pn s 9 1')], ['ok', 'ok', 'EAGAIN'])
    assert.equal(await b.does('g x 0 100'), `0 10 ${a.process.pid}`)
    assert.equal(await a.does('g x 0 10'), 'free')
    assert.equal(await b.does('fn x'), 'ok', 'flock and fcntl know nothing of each other')
    assert.equal(await a.does('p s 4 2'), 'ok')
    assert.deepEqual([await b.does('pn s 4 2'), await b.does('pn s 3 2'), await b.does('pn x 5 1')], ['ok', 'EAGAIN', 'EAGAIN'])
    b.begin('p x 0 1')
    a.begin('p x 12 1')
    await until('that one of the two is told', async () => a.hasAnswered || b.hasAnswered)
    const [refused, waits] = a.hasAnswered ? [a, b] : [b, a]
    assert.match(await refused.answer(), /^EDEADL(OC)?K$/)
    assert.deepEqual([await refused.does('p u 0 100'), await waits.answer()], ['ok', 'ok'])
    assert.deepEqual([await waits.does('p u 0 100'), await a.does('p x 0 10'), await b.does('p x 10 5')], ['ok', 'ok', 'ok'])
    b.process.kill('SIGKILL')
    const last = new Locker(context, here)
    assert.equal(await last.does('p x 10 5'), 'ok')
    assert.equal(await last.does('pn x 0 1'), 'EAGAIN')
    assert.equal(await a.does('close-other'), 'ok')
    assert.equal(await last.does('pn x 0 1'), 'ok', 'closing any descriptor gives all of them back')
    for (const locker of [a, last]) locker.process.kill('SIGKILL')
  })

  await context.test('who waits for a lock is interrupted by ctrl-C', async () => {
    const [has, waits] = [new Locker(context, here), new Locker(context, here)]
    assert.deepEqual([await has.does('f x'), await waits.does('fn s')], ['ok', 'EAGAIN'])
    waits.begin('f x')
    const interrupted = until('that it is interrupted', async () => {
      waits.process.kill('SIGINT')
      return waits.hasAnswered
    })
    await interrupted
    assert.equal(await waits.answer(), 'interrupted')
    for (const locker of [has, waits]) locker.process.kill('SIGKILL')
  })

  await context.test('what is locked on one node is not to be locked, nor changed, on the other', async () => {
    const leases = async () => (await one.node.call('cluster.show', {})).leases.length
    const [a, b] = [new Locker(context, here), new Locker(context, there)]
    // who leads first grants nothing for a while; meanwhile locks hold nobody off
    await until('a lease', async () => {
      if ((await a.does('f x')) === 'ok' && (await leases()) === 1) return true
      await a.does('fu')
      return false
    })
    assert.equal(await b.does('fn s'), 'EAGAIN')
    assert.equal(await b.does('pn s 0 1'), 'EAGAIN')
    await assert.rejects(other.node.call('files.remove', { paths: ['/ledger'] }), { code: 'CONFLICT' })
    b.begin('f x')
    assert.equal(await a.does('fu'), 'ok')
    assert.equal(await b.answer(), 'ok')
    assert.equal(await a.does('fn x'), 'EAGAIN')
    a.begin('p x 0 5')
    b.process.kill('SIGKILL')
    assert.equal(await a.answer(), 'ok')
    a.process.kill('SIGKILL')
    await until('that nothing is locked', async () => (await leases()) === 0)
  })

  await context.test('what is written to a file that another node has locked waits, and keeps nothing else from being saved', async () => {
    const a = new Locker(context, here)
    assert.equal(await a.does('f x'), 'ok')
    await until('a lease', async () => (await one.node.call('cluster.show', {})).leases.length === 1)
    await writeFile(there, 'later')
    await writeFile(join(there, '../beside'), 'at once')
    const atOther = async (path: string): Promise<string> => (await run('cat', [join(here, '..', path)])).stdout
    await until('the other file', async () => (await atOther('beside')) === 'at once')
    assert.equal(await atOther('ledger'), 'first')
    a.process.kill('SIGKILL')
    await until('what waited', async () => (await atOther('ledger')) === 'later')
  })

  await context.test('what waits for a lock is saved while the folder is unmounted, when the lock is given back in time', async () => {
    const [, world] = worlds as [MountWorld, MountWorld]
    const a = new Locker(context, here)
    await until('a lease', async () => {
      if ((await a.does('fn x')) !== 'ok') return false
      return (await one.node.call('cluster.show', {})).leases.length === 1
    })
    await writeFile(there, 'in time')
    const unmounted = world.unmount()
    await until('that it is not mounted', async () => (await run('mountpoint', ['-q', world.folder])).exitCode !== 0)
    assert.notEqual((await run('cat', [here])).stdout, 'in time')
    a.process.kill('SIGKILL')
    await unmounted
    await until('what waited', async () => (await run('cat', [here])).stdout === 'in time')
    await world.mount()
    assert.deepEqual((await readdir(world.folder)).sort(), ['beside', 'ledger'])
  })

  await context.test('what is locked for longer is kept beside, and that is said', async () => {
    const [, world] = worlds as [MountWorld, MountWorld]
    const a = new Locker(context, here)
    assert.equal(await a.does('f x'), 'ok')
    await until('a lease', async () => (await one.node.call('cluster.show', {})).leases.length === 1)
    await writeFile(there, 'too late')
    await world.unmount()
    assert.match(other.node.log, /\/ledger could not be saved .* is in \/ledger \(kept from a locked file \d{4}-\d\d-\d\d\)/)
    assert.equal((await run('cat', [here])).stdout, 'in time', 'who has the lock sees nothing of it')
    a.process.kill('SIGKILL')
    await world.mount()
    const kept = (await readdir(world.folder)).find((name) => name.startsWith('ledger (kept'))
    assert.equal(await readFile(join(world.folder, kept as string), 'utf8'), 'too late')
    assert.equal(await readFile(there, 'utf8'), 'in time')
  })

  await context.test('the same right after a start of the node', async () => {
    const [, world] = worlds as [MountWorld, MountWorld]
    await world.unmount()
    await other.node.stop()
    await other.node.start()
    await world.mount()
    const a = new Locker(context, here)
    assert.equal(await a.does('f x'), 'ok')
    const b = new Locker(context, there)
    await until('that it is locked for the other', async () => {
      if ((await b.does('fn s')) === 'EAGAIN') return true
      await b.does('fu')
      return false
    })
    for (const locker of [a, b]) locker.process.kill('SIGKILL')
  })
})
