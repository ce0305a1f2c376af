import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ControlClient } from '@holt/control/control-client.ts'
import { connectControl } from '@holt/control/node/socket.ts'
import { pause } from './measure.ts'

const root = new URL('../../', import.meta.url)
const [launcher, daemon] = ['scripts/small-node.sh', 'dist/daemon.mjs'].map((path) => fileURLToPath(new URL(path, root))) as [
  string,
  string,
]

/** A node as `npm start` runs it: the built daemon in a process of its own, spoken to through its socket. */
export interface BenchNode {
  readonly pid: number
  readonly control: ControlClient
  /** From the start of the process until it answered as ready (or new). */
  readonly startSeconds: number
  stop(): Promise<void>
}

/** @param options of the daemon; without any there is no page. */
export async function startBenchNode(dataFolder: string, options: readonly string[] = ['--no-page', '--no-peers']): Promise<BenchNode> {
  const startedMs = performance.now()
  const child = spawn(launcher, [daemon, '--data', dataFolder, ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  const endWithUs = (): void => void child.kill('SIGKILL')
  process.once('exit', endWithUs)
  let said = ''
  child.stderr.on('data', (text) => (said += String(text)))
  const control = await whenAnswering(dataFolder, child, () => said)
  return {
    pid: child.pid as number,
    control,
    startSeconds: (performance.now() - startedMs) / 1000,
    stop: async () => {
      control.close()
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      process.off('exit', endWithUs)
    },
  }
}

async function whenAnswering(dataFolder: string, child: ChildProcess, said: () => string): Promise<ControlClient> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 10) {
    if (child.exitCode !== null) throw new Error(`the node ended: ${said()}`)
    const control = await connectControl(dataFolder).catch(() => null)
    if (control !== null) {
      const { state, problem } = await control.call('node.status', {})
      if (state === 'ready' || state === 'new') return control
      if (state === 'failed') throw new Error(`the node cannot open its store: ${problem}`)
      control.close()
    }
    await pause(10)
  }
  throw new Error(`the node did not answer within a minute: ${said()}`)
}

/** Sets up a new node with these drives, 4-of-6 and the like fixed rather than left to the node. */
export async function initBenchNode(node: BenchNode, drives: readonly string[], shape: { k: number; n: number }): Promise<void> {
  for (const drive of drives) await mkdir(drive, { recursive: true })
  await node.control.call('node.init', { drives: [...drives] })
  await node.control.call('classes.set', { name: 'standard', dataFragments: shape.k, totalFragments: shape.n })
}
