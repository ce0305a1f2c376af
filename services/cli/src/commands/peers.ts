import { hostname } from 'node:os'
import type { PeersStatus } from '@holt/control/peers.ts'
import { HoltError } from '@holt/core/errors.ts'
import { renderUnicodeCompact } from 'uqr'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import type { TextStyle } from '../text-style.ts'

const examples = [
  { line: 'holt peers', does: 'shows this node and those that it knows' },
  { line: 'holt peers off', does: 'neither listens for others nor looks for them, until it is told to again' },
]

function lines({ on, running, self, addresses, problem, peers }: PeersStatus, style: TextStyle): string[] {
  if (!on) return ['Other nodes are not looked for: `holt peers on` begins.']
  if (!running)
    return [problem === null ? 'This node was started without a way to others.' : `Other nodes cannot be reached: ${printable(problem)}`]
  const head = [`This node is ${self}`, ...addresses.map((address) => `  ${address}`), '']
  if (peers.length === 0) return [...head, 'No other node was found yet.']
  const rows = peers.map(({ peer, name, relation, connected, nearby, seen, problem, addresses: theirs }) => [
    problem === 'CAP_REVOKED' ? style.yellow('ended') : connected ? style.green('connected') : nearby ? 'nearby' : style.faint('away'),
    relation === null ? style.faint('stranger') : relation.relation,
    printable(name ?? ''),
    peer,
    seen === null ? '' : localTime(seen),
    printable(theirs[0] ?? ''),
  ])
  return [...head, ...table([['STATE', 'RELATION', 'NAME', 'NODE', 'SEEN', 'ADDRESS'].map(style.faint), ...rows])]
}

const peers: Command = {
  name: 'peers',
  summary: 'Lists the other nodes that this one knows',
  arguments: [],
  options: {},
  details: ['Nodes on the same local network find each other. Who is found there is not trusted with anything.'],
  examples,
  run: async (call) => {
    const status = await call.ask('peers.list', {})
    return { json: status, lines: lines(status, call.style) }
  },
}

const turn = (name: string, on: boolean, summary: string): Command => ({
  name: `peers ${name}`,
  summary,
  arguments: [],
  options: {},
  examples,
  run: async (call) => {
    const status = await call.ask('peers.set', { on })
    return { json: status, report: [on ? 'Other nodes are looked for now.' : 'Other nodes are not looked for any more.'] }
  },
})

const common = {
  mine: { type: 'flag', help: 'both nodes are yours: they were set up with the same 24 words' },
  name: { type: 'text', value: 'NAME', help: 'how the other side will call this node (default: the name of this machine)' },
} as const

const pair: Command = {
  name: 'pair',
  summary: 'Pairs this node with another: shows a code, or takes the one that the other shows',
  arguments: [{ name: 'CODE', optional: true }],
  options: {
    ...common,
    at: { type: 'text', value: 'ADDRESS', many: true, help: 'where the other node is, when it is not on this network' },
  },
  details: [
    'Without CODE it shows one, and waits until the other node has taken it. It is good for ten minutes, three tries and one pairing.',
    'Who is paired as a friend learns where your nodes are, and nothing of your files.',
  ],
  examples: [
    { line: 'holt pair', does: 'shows a code, for a friend' },
    { line: 'holt pair K7M2-9XPQ', does: 'on the other node' },
    { line: 'holt pair --mine', does: 'for another node of yours' },
  ],
  run: async (call) => {
    const relation = call.flag('mine') ? 'mine' : 'friend'
    const name = (call.text('name') ?? hostname()).slice(0, 32)
    const [code] = call.arguments
    if (code === undefined) return show(call, { relation, name })
    const peer = await call.ask('peers.pair', { code, relation, name, at: [...call.texts('at')] })
    return { json: peer, report: [`Paired with ${printable(peer.name ?? peer.peer)}.`] }
  },
}

const WAIT_MS = 500

/** Until somebody has taken it, it is used up, or Ctrl-C. */
async function show(call: CommandCall, wanted: { relation: 'mine' | 'friend'; name: string }): Promise<Outcome> {
  const made = await call.ask('peers.showCode', wanted)
  if (!call.quiet) {
    const lines = [...(call.isWatched ? [renderUnicodeCompact(made.link)] : []), made.link, '', `Code: ${made.code}`, '']
    call.terminal.tell(`${lines.join('\n')}\n`)
  }
  try {
    for (;;) {
      const { shown } = await call.ask('peers.code', {})
      if (shown === null || shown.code !== made.code) throw new HoltError('PAIRING_FAILED', 'nobody took the code in its time')
      if (shown.paired !== null) return paired(call, shown.paired)
      if (shown.triesLeft <= 0) throw new HoltError('PAIRING_FAILED', 'three wrong tries ended the code: somebody may be guessing')
      if (call.signal.aborted) throw new HoltError('CANCELLED', 'cancelled')
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
    }
  } finally {
    await call.ask('peers.hideCode', {}).catch(() => {})
  }
}

async function paired(call: CommandCall, node: string): Promise<Outcome> {
  const { peers: known } = await call.ask('peers.list', {})
  const peer = known.find((one) => one.peer === node)
  return { json: peer ?? { peer: node }, report: [`Paired with ${printable(peer?.name ?? node)}.`] }
}

const unpair: Command = {
  name: 'unpair',
  summary: 'Ends a relation with another node, for good',
  arguments: [{ name: 'NODE' }],
  options: {},
  details: ['NODE is its name or its key in `holt peers`, or as much of the beginning as no other has.'],
  examples: [{ line: 'holt unpair Anna', does: 'the node called Anna is told nothing any more' }],
  run: async (call) => {
    const typed = call.arguments[0] as string
    const { peers: known } = await call.ask('peers.list', {})
    const meant = known.filter(
      ({ peer, name, relation }) => relation !== null && typed !== '' && (peer.startsWith(typed) || name?.startsWith(typed)),
    )
    const ids = new Set(meant.map(({ relation }) => relation?.id))
    const [one] = meant
    if (ids.size !== 1 || !one?.relation)
      throw new HoltError('NOT_FOUND', `${ids.size === 0 ? 'no paired node is' : 'more than one paired node may be'} '${typed}'`, {
        node: typed,
      })
    await call.ask('peers.end', { id: one.relation.id })
    return { json: one, report: [`${printable(one.name ?? one.peer)} is a stranger now.`] }
  },
}

export const peerCommands: readonly Command[] = [
  peers,
  turn('on', true, 'Listens on the local network and looks for other nodes'),
  turn('off', false, 'Does neither, also after a restart'),
  pair,
  unpair,
]
