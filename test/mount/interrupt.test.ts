import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { afterwards, freePort, run, temporaryFolder, TestNode, until } from '../peers/harness.ts'
import { MountWorld } from './world.ts'

/** It takes longer to fetch than to cut the line. */
const SIZE_BYTES = 96 << 20

/** A network that nothing else is in, with loopback only. */
async function ownNetwork(context: TestContext): Promise<{ within: readonly string[]; fallSilent(): Promise<void> }> {
  const holder = spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && echo up && exec sleep 900'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  afterwards(context, () => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  const within = ['nsenter', `--net=/proc/${holder.pid}/ns/net`, '--']
  return {
    within,
    fallSilent: async () => {
      const rules = 'add table inet silent; add chain inet silent out { type filter hook output priority 0; policy drop; }'
      const { exitCode, stderr } = await run('nsenter', [...within.slice(1), 'nft', rules])
      assert.equal(exitCode, 0, stderr)
    },
  }
}

/** Two of an owner's nodes; the second has heard of a file, and has not fetched what it holds. */
async function nodesInOwnNetwork(context: TestContext, below: string, within: readonly string[]): Promise<TestNode> {
  const nodes: TestNode[] = []
  for (const name of ['one', 'other']) {
    const node = new TestNode(join(below, name), { peers: ['--peer-port', String(await freePort()), '--peer-interface', 'lo'], within })
    afterwards(context, () => node.kill())
    await node.start()
    nodes.push(node)
  }
  const [one, other] = nodes as [TestNode, TestNode]
  const among = (node: TestNode) => until('a node among others', async () => (await node.call('peers.list', {})).running)
  await one.call('node.init', {})
  await among(one)
  await other.call('node.join', { code: (await one.call('cluster.invite', {})).link })
  await among(other)
  await writeFile(join(below, 'local'), randomBytes(SIZE_BYTES))
  await one.call('files.importLocal', { locals: [join(below, 'local')], path: '/far', place: 'as' })
  await until('the file on the other node', async () => (await other.call('files.stat', { path: '/far' }).catch(() => null)) !== null)
  return other
}

/** Reads on from a place. It handles no signal, as most programs: the kernel makes others wait, as with any drive. */
function reader(context: TestContext, file: string, from: number): ChildProcess {
  const process = spawn('tail', ['-c', `+${from}`, file], { stdio: 'ignore' })
  afterwards(context, () => process.kill('SIGKILL'))
  return process
}

/** Past the page cache, where a read is a request of its own; it handles the signal itself. */
const readsDirectly = `
import mmap, os, sys
file = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
try: os.preadv(file, [mmap.mmap(-1, 4096)], int(sys.argv[2]))
except KeyboardInterrupt: sys.exit(7)
`

test('ctrl-C ends a read that waits for another node', async (context) => {
  const below = await temporaryFolder(context)
  const network = await ownNetwork(context)
  const other = await nodesInOwnNetwork(context, below, network.within)
  await network.fallSilent()
  const world = new MountWorld(other, join(below, 'places'))
  afterwards(context, () => run('umount', ['-i', '-l', world.folder]))
  await world.mount()
  const file = join(world.folder, 'far')
  assert.equal((await stat(file)).size, SIZE_BYTES)

  const connections = join(below, 'connections')
  await mkdir(connections)
  assert.equal((await run('mount', ['-t', 'fusectl', 'fusectl', connections])).exitCode, 0)
  afterwards(context, () => run('umount', ['-l', connections]))
  const { dev } = await stat(world.folder)
  const waiting = async (): Promise<number> => Number(await readFile(join(connections, String(dev), 'waiting'), 'utf8'))

  const [impatient, patient] = [reader(context, file, SIZE_BYTES / 2), reader(context, file, (SIZE_BYTES / 4) * 3)]
  const both = Promise.all([once(impatient, 'exit'), once(patient, 'exit')])
  // what is read from the drive comes sooner than this
  let often = 0
  await until('both to wait for the other node', async () => (often = (await waiting()) >= 2 ? often + 1 : 0) > 50)
  const direct = spawn('python3', ['-c', readsDirectly, file, String(SIZE_BYTES / 8)], { stdio: 'ignore' })
  afterwards(context, () => direct.kill('SIGKILL'))
  often = 0
  await until('the third to wait, too', async () => (often = (await waiting()) >= 3 ? often + 1 : 0) > 50)
  direct.kill('SIGINT')
  if (direct.exitCode === null) await once(direct, 'exit')
  assert.deepEqual([direct.exitCode, impatient.exitCode, patient.exitCode], [7, null, null])
  impatient.kill('SIGINT')
  await once(impatient, 'exit')
  assert.deepEqual([impatient.signalCode, patient.exitCode, patient.signalCode], ['SIGINT', null, null])
  patient.kill('SIGKILL')
  await both
  assert.equal((await run('ls', [world.folder])).stdout, 'far\n')
})
