import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { controlOverStdio } from '@holt/control/node/connection.ts'
import { connectControl } from '@holt/control/node/socket.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { ConnectedNode } from './surroundings.ts'

/** A node that has closed its streams ends by itself; one that hangs must not hold up the command for ever. */
const END_MS = 30_000

export async function connectToNode(dataFolder: string): Promise<ConnectedNode> {
  const client = await connectControl(dataFolder)
  return { call: (...call) => client.call(...call), release: async () => client.close() }
}

/** A node of its own for one command. Ctrl-C in the terminal is for the command, which then cancels its call. */
export async function startNode(dataFolder: string): Promise<ConnectedNode> {
  const child = spawn(process.execPath, [daemonFile(), '--data', dataFolder, '--stdio', '--no-page', '--no-peers'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const complaint = lastWords(child)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const client = controlOverStdio(child)
  try {
    await client.call('node.status', {})
  } catch (error) {
    await ended
    throw isHoltError(error, 'NODE_NOT_RUNNING')
      ? new HoltError('NODE_NOT_RUNNING', `the node ended at once: ${complaint()}`, {}, { cause: error })
      : error
  }
  return {
    call: (...call) => client.call(...call),
    release: async () => {
      await client.call('node.stop', {}).catch(() => {})
      child.stdin?.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

/** This very process goes on as the node: nothing else stays in memory beside it. */
export async function becomeNode(daemonArguments: readonly string[]): Promise<never> {
  const file = daemonFile()
  process.argv = [process.argv[0] as string, file, ...daemonArguments]
  await import(file)
  return await new Promise<never>(() => {})
}

/** Beside the built CLI; from the sources, where the build puts it. */
function daemonFile(): string {
  const candidates = ['./daemon.mjs', '../../../dist/daemon.mjs'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const found = candidates.find((path) => existsSync(path))
  if (found === undefined) throw new HoltError('DEPENDENCY_MISSING', 'the node is not built yet; run: npm run build')
  return found
}

function lastWords(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString()).slice(-4096)
  })
  child.once('error', (error) => {
    text += error.message
  })
  return () => text.trim().split('\n').at(-1) ?? ''
}
