import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { ClusterStatus } from '@holt/control/cluster.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Command } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { renderUnicodeCompact } from 'uqr'
import type { TextStyle } from '../text-style.ts'

const WAIT_MS = 500
const MOST_MERGED_SHOWN = 10
const MOST_NAME = 32

const STANDINGS = {
  alike: 'has the same',
  behind: 'is behind',
  ahead: 'has more',
  apart: 'has other changes',
  unknown: 'not heard of yet',
} as const

const examples = [
  { line: 'holt cluster', does: 'shows your nodes, who leads them and who is behind' },
  { line: 'holt cluster lead', does: 'a majority of all your nodes elects the leader' },
  { line: 'holt cluster lead Box', does: 'the node called Box leads whenever it runs' },
]

function lines({ running, self, nodes, voters, leader, leases, missingBlocks, merged }: ClusterStatus, style: TextStyle): string[] {
  if (!running || self === null) return ['This node shares its files with no other now: see `holt peers`.']
  if (nodes.length === 0) return ['You have no other node yet: `holt cluster invite` makes a new one yours.']
  const nameOf = (peer: string): string => printable(nodes.find((node) => node.peer === peer)?.name ?? (peer === self ? 'this node' : peer))
  const rows = nodes.map(({ peer, name, standing, heard, problem }) => [
    problem === null ? style.green(STANDINGS[standing]) : style.faint('away'),
    printable(name ?? ''),
    peer,
    heard === null ? '' : localTime(heard),
  ])
  const leads =
    voters.length === 0
      ? 'Nobody leads: `holt cluster lead` says who may. Until then no leases are granted.'
      : leader === null
        ? `Nobody leads now; of ${voters.map(nameOf).join(', ')} more than half must be there.`
        : `Leader: ${nameOf(leader)}`
  const held = leases.map(({ path, holder }) => `Lease of ${printable(path)}: ${nameOf(holder)}`)
  const missing = missingBlocks === 0 ? [] : [`${missingBlocks} blocks are yet to come from other nodes.`]
  const apart = merged
    .slice(-MOST_MERGED_SHOWN)
    .map(({ path, at }) => `Changed on two nodes apart, merged ${localTime(at)}: ${printable(path)}; \`holt versions\` has both.`)
  return [...table([['FILES', 'NAME', 'NODE', 'HEARD'].map(style.faint), ...rows]), '', leads, ...held, ...missing, ...apart]
}

const cluster: Command = {
  name: 'cluster',
  summary: 'Shows your nodes that share their files: who leads, and who is behind',
  arguments: [],
  options: {},
  details: [
    'Your nodes have the same files: those that joined by `holt cluster invite`, or were set up with the same words and paired by `holt pair --mine`. A change on one is on the others in a moment.',
  ],
  examples,
  run: async (call) => {
    const status = await call.ask('cluster.show', {})
    return { json: status, lines: lines(status, call.style) }
  },
}

const lead: Command = {
  name: 'cluster lead',
  summary: 'Says which of your nodes elect the leader, which orders changes and grants leases',
  arguments: [{ name: 'NODE', optional: true, many: true }],
  options: {},
  details: [
    'NODE is its name or its key in `holt cluster`, or as much of the beginning as no other has; `this` is this node. One alone leads whenever it runs, which is right for two nodes. Of several a majority must be there.',
    'Without NODE all your nodes that are known elect it.',
  ],
  examples,
  run: async (call) => {
    const { self, nodes } = await call.ask('cluster.show', {})
    if (self === null) throw new HoltError('PEER_UNREACHABLE', 'this node shares its files with no other now: see `holt peers`')
    const meant = (typed: string): string => {
      if (typed === 'this' || (typed !== '' && self.startsWith(typed) && typed.length > 12)) return self
      const found = nodes.filter(({ peer, name }) => typed !== '' && (peer.startsWith(typed) || name?.startsWith(typed) === true))
      const [one] = found
      if (one === undefined || found.length > 1)
        throw new HoltError(
          'NOT_FOUND',
          `${found.length === 0 ? 'none of your nodes is' : 'more than one of your nodes may be'} '${typed}'`,
          { node: typed },
        )
      return one.peer
    }
    const voters = call.arguments.length === 0 ? [self, ...nodes.map(({ peer }) => peer)] : call.arguments.map(meant)
    const status = await call.ask('cluster.setVoters', { nodes: voters })
    const report =
      voters.length === 1
        ? 'It leads whenever it runs, in some seconds.'
        : `A majority of ${voters.length} nodes elects the leader, in some seconds.`
    return { json: status, report: [report] }
  },
}

const name: Command = {
  name: 'cluster name',
  summary: 'Says how this node is called',
  arguments: [{ name: 'NAME' }],
  options: {},
  details: ['Your other nodes are told. They go on showing it while this one is away.'],
  examples: [{ line: 'holt cluster name Box', does: 'so it is called in `holt cluster` and on the pages of your nodes' }],
  run: async (call) => {
    const [called = ''] = call.arguments
    return { json: await call.ask('cluster.setName', { name: called }), report: [`This node is called ${printable(called)} now.`] }
  },
}

const invite: Command = {
  name: 'cluster invite',
  summary: 'Shows a code by which one new node becomes yours: it gets the root key, and all files',
  arguments: [],
  options: {},
  details: [
    'It waits until the new node has taken it. The code is good for ten minutes, three tries and one node. Whoever has it meanwhile can read and change all your files: say it to nobody.',
  ],
  examples: [{ line: 'holt cluster invite', does: 'on a node of yours; then `holt cluster join CODE` on the new one' }],
  run: async (call) => {
    const made = await call.ask('cluster.invite', {})
    if (!call.quiet) {
      const shown = [...(call.isWatched ? [renderUnicodeCompact(made.link)] : []), made.link, '', `Code: ${made.code}`, '']
      call.terminal.tell(`${shown.join('\n')}\n`)
    }
    try {
      for (;;) {
        const { shown } = await call.ask('cluster.invitation', {})
        if (shown === null || shown.code !== made.code) throw new HoltError('PAIRING_FAILED', 'nobody took the code in its time')
        if (shown.joined !== null) return { json: { peer: shown.joined }, report: [`${shown.joined} is your node now.`] }
        if (shown.triesLeft <= 0) throw new HoltError('PAIRING_FAILED', 'three wrong tries ended the code: somebody may be guessing')
        if (call.signal.aborted) throw new HoltError('CANCELLED', 'cancelled')
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
      }
    } finally {
      await call.ask('cluster.endInvitation', {}).catch(() => {})
    }
  },
}

const join: Command = {
  name: 'cluster join',
  summary: 'Makes a new node yours, by the code that another node of yours shows',
  arguments: [{ name: 'CODE' }],
  options: {
    name: { type: 'text', value: 'NAME', help: 'how this node is called (default: the name of the machine)' },
    at: { type: 'text', value: 'ADDRESS', many: true, help: 'where the other node is, when it is not on this network' },
    drive: {
      type: 'text',
      value: 'DIR',
      many: true,
      help: 'a folder that keeps fragments; may be given several times',
      complete: 'folder',
    },
  },
  details: [
    'In the place of `holt init`: a node that is set up already refuses. Files can be used at once, and come here in the background.',
  ],
  examples: [{ line: 'holt cluster join K7M2-9XPQ', does: 'on a node that is nobody’s yet' }],
  run: async (call) => {
    const drives = call.texts('drive').map((folder) => resolve(call.terminal.currentFolder, folder))
    const [code = ''] = call.arguments
    const name = (call.text('name') ?? hostname()).slice(0, MOST_NAME)
    const made = await call.ask('node.join', { code, name, at: [...call.texts('at')], ...(drives.length > 0 ? { drives } : {}) })
    return { json: made, report: ['This node is yours now. `holt cluster` shows the others.'] }
  },
}

export const clusterCommands: readonly Command[] = [cluster, name, lead, invite, join]
