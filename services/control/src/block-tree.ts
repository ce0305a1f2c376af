import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { At, Path, Seconds } from './tree-types.ts'

/** The block tree as its owner may look at it: from a path down to blocks, packs and fragments, and up again. */

const strict = { additionalProperties: false }
const PackId = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'hex' })

export const BlockPlaceInfo = Type.Object({
  cid: Type.String(),
  pack: Type.Union([PackId, Type.Null()], { description: 'null: no pack that is known holds it' }),
  offset: Type.Integer({ description: 'in the pack' }),
  length: Type.Integer({ description: 'of the sealed block' }),
})
export type BlockPlaceInfo = Static<typeof BlockPlaceInfo>

const Step = Type.Object({
  path: Path,
  type: Type.Union([Type.Literal('file'), Type.Literal('directory'), Type.Literal('symlink'), Type.Literal('volume')]),
  block: Type.Union([BlockPlaceInfo, Type.Null()], { description: 'its topmost block; null: nothing is in it' }),
})

export const FollowedPath = Type.Object({
  volume: Type.String({ description: 'hex' }),
  sequence: Type.Integer({ description: 'of the head' }),
  time: Seconds,
  redundancyClass: Type.String(),
  steps: Type.Array(Step, { description: 'from the top to the path' }),
  chunks: Type.Array(
    Type.Object({
      fileOffset: Type.Integer(),
      lengthBytes: Type.Integer(),
      block: Type.Union([BlockPlaceInfo, Type.Null()], { description: 'null: a hole' }),
    }),
    { description: 'of a file, in order' },
  ),
  more: Type.Boolean({ description: 'there are further chunks' }),
})
export type FollowedPath = Static<typeof FollowedPath>

export const PackInfo = Type.Object({
  id: PackId,
  redundancyClass: Type.String(),
  created: Seconds,
  sizeBytes: Type.Integer(),
  blocks: Type.Integer(),
  state: Type.Union([
    Type.Literal('open', { description: 'still being filled, in the data folder' }),
    Type.Literal('waiting', { description: 'full, and not spread yet' }),
    Type.Literal('spread', { description: 'as fragments on drives' }),
  ]),
  dataFragments: Type.Integer({ description: 'k; 0 before it is spread' }),
  totalFragments: Type.Integer({ description: 'n; 0 before it is spread' }),
  fragments: Type.Array(
    Type.Object({
      index: Type.Integer({ description: 'the first k are slices of the pack, the others are spare' }),
      drive: Type.String({ description: 'id' }),
      state: Type.Union([Type.Literal('good'), Type.Literal('unsure'), Type.Literal('bad'), Type.Literal('missing')]),
    }),
  ),
  friends: Type.Optional(
    Type.Array(
      Type.Object({
        index: Type.Integer(),
        peer: Type.String({ description: 'PeerId text form of the node that keeps it' }),
        state: Type.Union([Type.Literal('good'), Type.Literal('unsure')], { description: 'good: it was there when it was asked last' }),
        until: Seconds,
      }),
      { description: 'fragments that nodes of friends keep, while this node is among others' },
    ),
  ),
})
export type PackInfo = Static<typeof PackInfo>

export const blockTreeMethods = {
  'tree.follow': {
    params: Type.Object(
      {
        path: Path,
        at: At,
        fromByte: Type.Optional(Type.Integer({ minimum: 0, description: 'of the file: chunks from there on' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      },
      strict,
    ),
    result: FollowedPath,
    summary: 'The directories on the way to a path, the chunks of its file, and where each block lies',
  },
  'packs.list': {
    params: Type.Object({ after: Type.Optional(PackId), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }, strict),
    result: Type.Object({ packs: Type.Array(PackInfo), more: Type.Boolean(), total: Type.Integer() }),
    summary: 'Packs in the order of their ids, with the drives that hold their fragments',
  },
  'packs.show': { params: Type.Object({ id: PackId }, strict), result: PackInfo, summary: 'One pack and where its fragments are' },
  'packs.paths': {
    params: Type.Object(
      {
        id: PackId,
        after: Type.Optional(Type.String({ maxLength: 65536, description: 'where the part before ended' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      },
      strict,
    ),
    result: Type.Object({
      paths: Type.Array(Path),
      after: Type.Union([Path, Type.Null()], { description: 'where this part of the search ended; null: all was looked at' }),
      looked: Type.Integer({ description: 'entries that were looked at in this part' }),
    }),
    summary: 'Paths of the newest version with a block in this pack; a bounded part of the tree is looked at, `after` goes on',
  },
} as const satisfies MethodSchemas
