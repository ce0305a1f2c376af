import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Duplex, Writable } from 'node:stream'
import { CAGE_ENTRY, type cageBundles } from './cage-bundles.ts'
import { type CageChoices, type CageCommand, type CageFiles, cageCommand } from './cage-command.ts'
import { cageMissing, type CageProcess } from './cage-process.ts'

const MOST_WORDS = 20

/** Makes the cage with bubblewrap. @throws HoltError CAGE_MISSING */
export async function spawnCage(bundles: typeof cageBundles, choices: CageChoices): Promise<CageProcess> {
  const { files, remove } = await bundles()
  try {
    const means = cageCommand(files, CAGE_ENTRY, choices)
    if ('missing' in means) throw cageMissing(means.missing)
    const child = start(means.command, files)
    const words: string[] = []
    child.stderr?.on('data', (bytes: Buffer) => {
      if (words.length < MOST_WORDS) words.push(bytes.toString().slice(0, 500))
    })
    return {
      channel: child.stdio[3] as Duplex,
      pid: child.pid ?? null,
      words: () => words.join(' '),
      end: async () => {
        child.kill('SIGKILL')
        await ended(child)
      },
    }
  } finally {
    await remove()
  }
}

function start(command: CageCommand, files: CageFiles): ChildProcess {
  const opened = Object.values(files).map((path) => openSync(path, 'r'))
  try {
    const identity = command.uid === undefined ? {} : { uid: command.uid, gid: command.uid }
    const child = spawn(command.command, command.args, {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', ...opened],
      env: {},
      cwd: '/',
      ...identity,
    })
    const filter = child.stdio[4] as Writable
    filter.on('error', () => {}) // when it could not be started; its end says so
    filter.end(command.filter)
    child.on('error', () => {}) // the channel closes
    return child
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  await new Promise((resolve) => child.once('exit', resolve))
}
