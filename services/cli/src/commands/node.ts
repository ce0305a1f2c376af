import type { Status } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { counted, humanBytes, humanDuration } from '../format.ts'
import { table } from '../table.ts'
import type { TextStyle } from '../text-style.ts'

/** A node that has answered `stop` still writes out what is open. */
const STOP_LIMIT_MS = 60_000

const start: Command = {
  name: 'start',
  summary: 'Runs the node until Ctrl-C or `holt stop`',
  arguments: [],
  options: {
    port: { type: 'text', value: 'N', help: 'port of its page' },
    listen: { type: 'text', value: 'ADDRESS', help: 'address of its page; only this machine reaches the default, 127.0.0.1' },
    https: { type: 'text', value: 'N', help: 'port of its page over HTTPS, beside the one without' },
    stdio: { type: 'flag', help: 'take JSON-RPC calls on stdin and stdout too; ends when stdin does' },
    'no-page': { type: 'flag', help: 'without the page' },
    name: { type: 'text', value: 'NAME', help: 'a name besides its IP address under which browsers reach the page' },
    'no-peers': { type: 'flag', help: 'neither listens for other nodes nor looks for them, whatever the owner chose' },
    'peer-port': { type: 'text', value: 'N', help: 'port for other nodes, where it is free (default 4660)' },
    'peer-interface': {
      type: 'text',
      value: 'NAME',
      many: true,
      help: 'listen for them on this interface only (default: all local networks)',
    },
    announce: { type: 'text', value: 'FILE', help: 'write page, set-up code and state to this file and keep it true' },
  },
  details: ['The first start prints the address of the page, and a code that the page asks for once.'],
  examples: [
    { line: 'holt start', does: 'runs the node on ~/.holt' },
    { line: 'holt start --data /mnt/box/holt --listen 0.0.0.0 --port 80', does: 'lets the home network reach the page' },
    {
      line: 'holt start --listen 0.0.0.0 --https 4659 --name nas.home',
      does: 'and over HTTPS: devices install /authority.crt of the page once',
    },
  ],
  run: (call) => {
    const args = ['--data', call.dataFolder]
    for (const option of ['port', 'https', 'listen', 'name', 'announce', 'peer-port'] as const) {
      const value = call.text(option)
      if (value !== undefined) args.push(`--${option}`, value)
    }
    for (const name of call.texts('peer-interface')) args.push('--peer-interface', name)
    for (const option of ['stdio', 'no-page', 'no-peers'] as const) if (call.flag(option)) args.push(`--${option}`)
    return call.becomeNode(args)
  },
}

const stop: Command = {
  name: 'stop',
  summary: 'Ends the running node when what it is writing is safe',
  arguments: [],
  options: {},
  examples: [{ line: 'holt stop', does: 'ends the node of this data folder' }],
  run: async (call) => {
    const { pid } = await call.ask('node.status', {})
    try {
      await call.ask('node.stop', {})
    } catch (error) {
      // It may be gone before its answer arrives.
      if (!isHoltError(error, 'NODE_NOT_RUNNING')) throw error
    }
    const ended = await untilGone(pid, call)
    return {
      json: { stopped: ended, pid },
      report: ended ? ['The node has ended.'] : [],
      warnings: ended ? [] : ['the node is still writing; it ends by itself'],
    }
  },
}

async function untilGone(pid: number, { signal }: CommandCall): Promise<boolean> {
  const deadline = Date.now() + STOP_LIMIT_MS
  while (isAlive(pid)) {
    if (Date.now() > deadline || signal.aborted) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return true
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const status: Command = {
  name: 'status',
  summary: 'Shows how the node is and what it keeps',
  arguments: [],
  options: {},
  examples: [
    { line: 'holt status', does: 'shows state, page, amounts and what needs care' },
    { line: 'holt status --json | jq .store.degradedPacks', does: 'a figure for a script' },
  ],
  run: async (call) => {
    const report = await call.ask('node.status', {})
    return { json: report, lines: statusLines(report, call.style) } satisfies Outcome
  },
}

function statusLines(status: Status, style: TextStyle): string[] {
  const { store } = status
  const rows = [
    ['State', stateText(status, style)],
    ['Data', status.dataFolder],
    ['Page', status.pageUrl ?? 'none'],
    ['Owner', status.principal ?? 'nobody yet'],
  ]
  if (status.principal !== null) {
    rows.push(
      [
        'Stored',
        `${humanBytes(store.packBytes)} in ${counted(store.packs, 'pack')}, ${counted(store.blocks, 'block')}; version ${status.sequence} of the tree`,
      ],
      ['Safety', safetyText(store, style)],
      ...(status.restoring ? [['Restoring', restoringText(status.restoring)]] : []),
      ['Root key', status.keyBackedUp ? 'backed up' : style.yellow('not backed up: run `holt key backup FILE`')],
    )
  }
  const { memory, eventLoopDelayMs } = status
  rows.push([
    'Process',
    `${status.pid}, version ${status.version}, up ${humanDuration(status.uptimeSeconds)}, ${humanBytes(memory.rssBytes)} of memory, delay p99 ${eventLoopDelayMs.p99.toFixed(1)} ms`,
  ])
  return table(rows.map(([name, value]) => [style.faint(name ?? ''), value ?? '']))
}

function stateText({ state, problem }: Status, style: TextStyle): string {
  if (state === 'ready') return style.green('ready')
  if (state === 'new') return 'new: run `holt init`, or use the page'
  return `${state === 'failed' ? style.red(state) : style.yellow(state)}${problem === undefined ? '' : `: ${problem}`}`
}

function restoringText({ packs, bytes, secondsLeft }: NonNullable<Status['restoring']>): string {
  const left = secondsLeft === null ? '' : `, ${humanDuration(secondsLeft)} at this speed`
  return `${counted(packs, 'pack')}, ${humanBytes(bytes)}, are yet to come from friends${left}`
}

function safetyText({ lostPacks, degradedPacks, unspreadBytes }: Status['store'], style: TextStyle): string {
  if (lostPacks > 0) return style.red(`${counted(lostPacks, 'pack')} cannot be rebuilt: run \`holt doctor\``)
  if (degradedPacks > 0)
    return style.yellow(
      `${counted(degradedPacks, 'pack')} ${degradedPacks === 1 ? 'has' : 'have'} fewer fragments than planned: run \`holt doctor --repair\``,
    )
  if (unspreadBytes > 0) return `${humanBytes(unspreadBytes)} still on the way to the drives`
  return style.green('everything is on its drives')
}

export const nodeCommands: readonly Command[] = [start, status, stop]
