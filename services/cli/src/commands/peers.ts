import { hostname } from 'node:os'
import type { PeerInfo, PeersStatus, RelationInfo } from '@holt/control/peers.ts'
import { HoltError } from '@holt/core/errors.ts'
import { renderUnicodeCompact } from 'uqr'
import type { Command, CommandCall, Outcome } from '../command.ts'
import { humanBytes, localTime } from '../format.ts'
import { outlookLines, percentOf, scoreLine } from '../outlook-text.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import type { TextStyle } from '../text-style.ts'

const examples = [
  { line: 'holt peers', does: 'shows this node and those that it knows' },
  { line: 'holt peers off', does: 'neither listens for others nor looks for them, until it is told to again' },
]

function lines({ on, reach: far, running, self, addresses, problem, peers }: PeersStatus, style: TextStyle): string[] {
  if (!on) return ['Other nodes are not looked for: `holt peers on` begins.']
  if (!running)
    return [problem === null ? 'This node was started without a way to others.' : `Other nodes cannot be reached: ${printable(problem)}`]
  const extent = far === null ? 'It stays on its local networks.' : 'It goes beyond its local networks.'
  const head = [`This node is ${self}`, ...addresses.map((address) => `  ${address}`), extent, '']
  if (peers.length === 0) return [...head, 'No other node was found yet.']
  const rows = peers.map(({ peer, name, own, relation, connected, nearby, seen, problem, addresses: theirs, score, place }) => [
    problem === 'CAP_REVOKED' ? style.yellow('ended') : connected ? style.green('connected') : nearby ? 'nearby' : style.faint('away'),
    own ? 'mine' : relation === null ? style.faint('stranger') : relation.relation,
    printable(name ?? ''),
    peer,
    seen === null ? '' : localTime(seen),
    printable(theirs[0] ?? ''),
    relation?.share === undefined ? '' : humanBytes(relation.share.givenBytes),
    relation?.share === undefined ? '' : humanBytes(relation.share.heldBytes),
    score === undefined ? '' : score.gone ? style.yellow('gone') : `${score.trust}`,
    score === undefined ? '' : percentOf(score.availability),
    score === undefined || score.latencyMs === null ? '' : `${score.latencyMs} ms`,
    printable(place ?? ''),
  ])
  const names = ['STATE', 'RELATION', 'NAME', 'NODE', 'SEEN', 'ADDRESS', 'GIVEN', 'HELD', 'SCORE', 'THERE', 'ANSWERS', 'PLACE']
  return [...head, ...table([names.map(style.faint), ...rows])]
}

const peers: Command = {
  name: 'peers',
  summary: 'Lists the other nodes that this one knows',
  arguments: [],
  options: {},
  details: [
    'Nodes on the same local network find each other. Who is found there is not trusted with anything.',
    'SCORE is 0 to 100: how often a paired node is there (THERE), and how far it proved to have what it should. It is measured while this node is on; what is long ago counts less and less.',
  ],
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

const reach: Command = {
  name: 'peers reach',
  summary: 'Says how far the node goes to reach others: lan or internet',
  arguments: [{ name: 'WHERE' }],
  options: {
    start: {
      type: 'text',
      value: 'ADDRESS',
      many: true,
      help: 'a node to begin at; without one only paired nodes are found, at their last addresses',
    },
    announce: { type: 'text', value: 'ADDRESS', many: true, help: 'where your router sends on to this node: /dns4/box.example/tcp/4660' },
    relay: { type: 'flag', help: 'carry connections between nodes that are paired with this one and cannot reach each other' },
    'map-port': { type: 'flag', help: 'ask the router to open a port (UPnP)' },
  },
  details: [
    'lan, as at first: it listens on local networks only, and nobody outside can see that it is there.',
    'internet: paired nodes find it wherever it is and the other way round. Then it listens on public addresses, too, and strangers can learn from the directory that all such nodes keep that a node of this name is there, at which addresses, and by which key its owner signs. What strangers may do stays the same: nothing but to type a code while one is shown.',
    'Each call says all of it anew. A box that is a router lets others in from outside only after a port was opened on its page Network.',
  ],
  examples: [
    { line: 'holt peers reach lan', does: 'local networks only' },
    { line: 'holt peers reach internet --start /dns4/box.example/tcp/4660/p2p/12D3Koo…', does: 'beyond, and begins at that node' },
    { line: 'holt peers reach internet --relay', does: 'on a node that others can reach: helps those of friends that cannot be' },
  ],
  run: async (call) => {
    const [where] = call.arguments
    if (where !== 'lan' && where !== 'internet') throw new HoltError('INPUT_INVALID', "it is 'lan' or 'internet'", { field: 'WHERE' })
    const wanted = {
      start: [...call.texts('start')],
      announce: [...call.texts('announce')],
      relay: call.flag('relay'),
      mapPort: call.flag('map-port'),
    }
    const said = wanted.start.length + wanted.announce.length > 0 || wanted.relay || wanted.mapPort
    if (where === 'lan' && said) throw new HoltError('INPUT_INVALID', "options of 'internet' say nothing for 'lan'")
    const status = await call.ask('peers.reach', { reach: where === 'lan' ? null : wanted })
    return {
      json: status,
      report: [
        where === 'lan'
          ? 'The node stays on its local networks.'
          : 'The node can be reached from the internet, as far as the networks between let others in.',
      ],
    }
  },
}

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
    if (code === undefined) return showPairingCode(call, { relation, name })
    const peer = await call.ask('peers.pair', { code, relation, name, at: [...call.texts('at')] })
    return { json: peer, report: [`Paired with ${printable(peer.name ?? peer.peer)}.`] }
  },
}

const WAIT_MS = 500

/** Until somebody has taken it, it is used up, or Ctrl-C. */
export async function showPairingCode(call: CommandCall, wanted: { relation: 'mine' | 'friend'; name: string }): Promise<Outcome> {
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

/** The paired node that is meant by its name, its key or the beginning of one. @throws HoltError NOT_FOUND */
export async function pairedNode(call: CommandCall): Promise<PeerInfo & { relation: RelationInfo }> {
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
  return { ...one, relation: one.relation }
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** As `500G`. @returns null for `auto`. @throws HoltError INPUT_INVALID */
export function sizeOf(typed: string): number | null {
  if (typed === 'auto') return null
  const [, digits, unit] = /^(\d{1,6})([KMGT]?)$/.exec(typed.toUpperCase()) ?? []
  if (digits === undefined) throw new HoltError('INPUT_INVALID', 'a size is like 500G or 2T, or auto', { field: 'most' })
  return Number(digits) * (UNITS[unit ?? ''] ?? 1)
}

const shareWith: Command = {
  name: 'peers share',
  summary: 'Says what a friend keeps for you, and how much you keep for the friend',
  arguments: [{ name: 'NODE' }],
  options: {
    give: { type: 'flag', help: 'fragments of your packs are given to the friend' },
    keep: { type: 'flag', help: 'nothing more is given; what is there stays as it was agreed on' },
    most: {
      type: 'text',
      value: 'SIZE',
      help: 'how much the friend may give: 500G, or auto: as much as it keeps for you, and 1 GiB to begin with',
    },
  },
  details: [
    'NODE is its name or its key in `holt peers`, or as much of the beginning as no other has. Without options it shows what is so.',
    'What a friend gets is sealed: it can keep it and give it back, and read nothing of it.',
  ],
  examples: [
    { line: 'holt peers share Anna --give', does: 'Anna keeps fragments of your packs' },
    { line: 'holt peers share Anna --most 500G', does: 'Anna may give up to 500 GiB' },
  ],
  run: async (call) => {
    const { relation, name, peer, score } = await pairedNode(call)
    if (relation.share === undefined) throw new HoltError('NOT_FOUND', 'only friends keep something for each other', { node: peer })
    const [most, give, keep] = [call.text('most'), call.flag('give'), call.flag('keep')]
    if (give && keep) throw new HoltError('INPUT_INVALID', 'either --give or --keep', { field: 'give' })
    const isChange = most !== undefined || give || keep
    const wanted = { id: relation.id, give: give || (relation.share.give && !keep), mostBytes: sizeOf(most ?? 'auto') }
    if (isChange && most === undefined) wanted.mostBytes = relation.share.fixedBytes
    const share = isChange ? await call.ask('peers.share', wanted) : relation.share
    const found = await call.ask('peers.outlook', {}).catch(() => null)
    const lines = [
      `${printable(name ?? peer)} keeps ${humanBytes(share.givenBytes)} for you${share.give ? '' : ', and is given nothing more'}.`,
      ...(share.newest ? [`Everything that was saved until ${new Date(1000 * share.newest).toISOString()} is there.`] : []),
      `You keep ${humanBytes(share.heldBytes)} of at most ${humanBytes(share.mostBytes)}.`,
      ...(score === undefined ? [] : [scoreLine(score)]),
      ...(found === null ? [] : outlookLines(found)),
    ]
    return { json: share, lines }
  },
}

const unpair: Command = {
  name: 'unpair',
  summary: 'Ends a relation with another node, for good',
  arguments: [{ name: 'NODE' }],
  options: {},
  details: ['NODE is its name or its key in `holt peers`, or as much of the beginning as no other has.'],
  examples: [{ line: 'holt unpair Anna', does: 'the node called Anna is told nothing any more' }],
  run: async (call) => {
    const one = await pairedNode(call)
    await call.ask('peers.end', { id: one.relation.id })
    return { json: one, report: [`${printable(one.name ?? one.peer)} is a stranger now.`] }
  },
}

export const peerCommands: readonly Command[] = [
  peers,
  turn('on', true, 'Listens on the local network and looks for other nodes'),
  turn('off', false, 'Does neither, also after a restart'),
  shareWith,
  reach,
  pair,
  unpair,
]
