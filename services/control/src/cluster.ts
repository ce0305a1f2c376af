import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { FencingToken, Path } from './tree-types.ts'

const PeerId = Type.String({ description: 'PeerId text form of the key of a node' })

export const ClusterNodeInfo = Type.Object({
  peer: PeerId,
  name: Type.Union([Type.String(), Type.Null()]),
  standing: Type.Union(
    [Type.Literal('alike'), Type.Literal('behind'), Type.Literal('ahead'), Type.Literal('apart'), Type.Literal('unknown')],
    { description: 'how its files, as it last said, stand to those here' },
  ),
  heard: Type.Union([Type.Integer(), Type.Null()], { description: 'when it last said so, in seconds since 1970' }),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'why it was not reached the last time: a code' }),
})
export type ClusterNodeInfo = Static<typeof ClusterNodeInfo>

export const ClusterStatus = Type.Object({
  running: Type.Boolean(),
  self: Type.Union([PeerId, Type.Null()]),
  name: Type.String({ description: 'how the owner calls this node; empty: nothing was said' }),
  nodes: Type.Array(ClusterNodeInfo, { description: "the owner's other nodes" }),
  voters: Type.Array(PeerId, { description: 'who elects the leader; one alone is the primary' }),
  leader: Type.Union([PeerId, Type.Null()]),
  leases: Type.Array(Type.Object({ path: Path, holder: PeerId, token: FencingToken })),
  missingBlocks: Type.Integer({ description: 'what others have and could not be brought here yet, as far as it is known' }),
  merged: Type.Array(Type.Object({ path: Path, at: Type.Integer({ description: 'seconds since 1970' }), by: PeerId }), {
    description:
      'oldest first, the newest hundred: files that were changed on two nodes apart; the content of one stands, that of the other is among the versions',
  }),
})
export type ClusterStatus = Static<typeof ClusterStatus>

const Empty = Type.Object({})
const NodeName = Type.String({ maxLength: 32, description: 'how the owner calls this node' })

export const InvitationInfo = Type.Object({
  code: Type.String({ description: 'as it is shown: K7M2-9XPQ' }),
  link: Type.String({ description: 'the same with where this node is' }),
  ends: Type.Integer({ description: 'seconds since 1970' }),
  triesLeft: Type.Integer(),
  joined: Type.Union([PeerId, Type.Null()], { description: 'the node that has the root key by it; then it is used up' }),
})
export type InvitationInfo = Static<typeof InvitationInfo>
const Seconds = Type.Integer({ minimum: 1, maximum: 10 })

/** The nodes of one owner that share their files. */
export const clusterMethods = {
  'cluster.show': { params: Empty, result: ClusterStatus, summary: "The owner's other nodes, who leads them, and what is behind" },
  'cluster.setName': {
    params: Type.Object({ name: NodeName }),
    result: ClusterStatus,
    summary: 'Says how this node is called; the others are told',
  },
  'cluster.setVoters': {
    params: Type.Object({ nodes: Type.Array(PeerId, { minItems: 1, maxItems: 64 }) }),
    result: ClusterStatus,
    summary: 'Says which nodes elect the leader; one alone is the primary, which leads whenever it runs',
  },
  'cluster.invite': {
    params: Empty,
    result: InvitationInfo,
    summary: 'Shows a code by which one new node gets the root key, and all files with it',
  },
  'cluster.invitation': {
    params: Empty,
    result: Type.Object({ shown: Type.Union([InvitationInfo, Type.Null()]) }),
    summary: 'The code that is shown now, and who joined by it',
  },
  'cluster.endInvitation': { params: Empty, result: Empty, summary: 'Ends the code' },
  'node.join': {
    params: Type.Object({
      code: Type.String({ maxLength: 2048, description: 'as the other node shows it, or its link' }),
      at: Type.Optional(
        Type.Array(Type.String({ maxLength: 300, description: 'multiaddress that ends with /p2p/ and the PeerId' }), { maxItems: 16 }),
      ),
      drives: Type.Optional(Type.Array(Type.String({ description: 'absolute folder' }), { maxItems: 255 })),
      name: Type.Optional(NodeName),
    }),
    result: Type.Object({ principal: Type.String() }),
    long: true,
    summary: 'Makes a new node one of the owner whose node shows this code; a node that is set up already refuses',
  },
  'cluster.lease': {
    params: Type.Object({ path: Path, seconds: Seconds }),
    result: Type.Object({ path: Path, token: FencingToken, seconds: Seconds }),
    summary: 'Takes the lease of a path for this node, or makes it longer: other nodes change nothing at or below it meanwhile',
  },
  'cluster.release': {
    params: Type.Object({ path: Path, token: FencingToken }),
    result: Empty,
    summary: 'Gives a lease back',
  },
} as const satisfies MethodSchemas
