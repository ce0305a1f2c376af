import type { PackInfo } from '@holt/control/block-tree.ts'
import type { Command, CommandCall } from '../command.ts'
import { humanBytes } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath } from '../tree-path.ts'

const CHUNKS = 1000

/** Each pack that a path needs, in the order in which reading comes to them. */
async function packsOf(call: CommandCall, path: string): Promise<string[]> {
  const packs = new Set<string>()
  for (let fromByte = 0; ; ) {
    const { steps, chunks, more } = await call.ask('tree.follow', { path, fromByte, limit: CHUNKS })
    for (const { block } of steps) if (block?.pack) packs.add(block.pack)
    for (const { block } of chunks) if (block?.pack) packs.add(block.pack)
    const last = chunks.at(-1)
    if (!more || last === undefined) return [...packs]
    fromByte = last.fileOffset + last.lengthBytes
  }
}

function rowsOf(
  { id, state, dataFragments, fragments, friends = [], sizeBytes }: PackInfo,
  names: ReadonlyMap<string, string>,
): string[][] {
  const facts = [id.slice(0, 12), humanBytes(sizeBytes)]
  if (state !== 'spread') return [[...facts, '', 'this node', state]]
  const kept = [
    ...fragments.map(({ index, drive, state: condition }) => [index, names.get(drive) ?? drive, condition] as const),
    ...friends.map(({ index, peer, state: condition }) => [index, names.get(peer) ?? peer, condition] as const),
  ]
  return kept.map(([index, holder, condition], i) => [
    ...(i === 0 ? facts : ['', '']),
    index < dataFragments ? `${index}` : `${index} (spare)`,
    printable(holder),
    condition,
  ])
}

const where: Command = {
  name: 'where',
  summary: 'Shows which drives and friends keep what a path is made of',
  arguments: [{ name: 'PATH' }],
  options: {},
  details: [
    'A path is made of blocks, blocks lie in packs, and packs are kept as fragments: of each pack as many as it has data fragments are enough. Of a directory these are its own entries; name a file to see where its bytes are.',
  ],
  examples: [{ line: 'holt where /photos/forest.jpg', does: 'lists packs, their fragments and who keeps them' }],
  run: async (call) => {
    const packs: PackInfo[] = []
    for (const id of await packsOf(call, treePath(call.arguments[0] as string))) packs.push(await call.ask('packs.show', { id }))
    const [{ drives }, { peers }] = [await call.ask('drives.list', {}), await call.ask('peers.list', {})]
    const names = new Map([
      ...drives.map(({ id, folder }) => [id, folder] as const),
      ...peers.map(({ peer, name }) => [peer, name ?? peer] as const),
    ])
    const head = ['PACK', 'SIZE', 'FRAGMENT', 'KEPT BY', 'STATE'].map(call.style.faint)
    return { json: { packs }, lines: table([head, ...packs.flatMap((pack) => rowsOf(pack, names))]) }
  },
}

export const whereCommands: readonly Command[] = [where]
