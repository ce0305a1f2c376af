import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'
import { PeerScore } from './outlook.ts'

const Empty = Type.Object({})
const Seconds = Type.Integer({ minimum: 0, maximum: 1e12, description: 'seconds since 1970' })
const PeerId = Type.String({ description: 'PeerId text form of the key of a node' })
const Addresses = Type.Array(Type.String({ description: 'multiaddress' }))

const Multiaddress = Type.String({ maxLength: 300, description: 'ends with /p2p/ and the PeerId' })
const Name = Type.String({ minLength: 1, maxLength: 32, description: 'how the other side will call this node' })
export const RelationKind = Type.Union([Type.Literal('mine'), Type.Literal('friend')], {
  description: 'mine: both nodes have one owner. friend: two owners who keep data for each other',
})
export type RelationKind = Static<typeof RelationKind>

const MostBytes = Type.Union([Type.Integer({ minimum: 0, maximum: 2 ** 50 }), Type.Null()], {
  description: 'how much the friend may give; null: as much as it keeps for us, and a gibibyte to begin with',
})

/** What two owners keep for each other. */
export const FriendShare = Type.Object({
  give: Type.Boolean({ description: 'fragments of our packs are given to the friend' }),
  givenBytes: Type.Integer({ description: 'of ours, at the friend' }),
  heldBytes: Type.Integer({ description: 'of theirs, here' }),
  mostBytes: Type.Integer({ description: 'what the friend may give, as it is now' }),
  fixedBytes: Type.Union([Type.Integer(), Type.Null()], {
    description: 'what the owner said that the friend may give; null: nothing was said',
  }),
  newest: Type.Optional(
    Type.Union([Seconds, Type.Null()], { description: 'the friend has everything that was saved until then; null: not known' }),
  ),
})
export type FriendShare = Static<typeof FriendShare>

export const RelationInfo = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'hex' }),
  relation: RelationKind,
  made: Seconds,
  owner: Type.String({ description: 'PeerId text form of the other owner' }),
  share: Type.Optional(FriendShare),
})
export type RelationInfo = Static<typeof RelationInfo>

export const PairingCodeInfo = Type.Object({
  code: Type.String({ description: 'as it is shown: K7M2-9XPQ' }),
  link: Type.String({ description: 'the same with where this node is, for a QR code' }),
  relation: RelationKind,
  ends: Seconds,
  triesLeft: Type.Integer(),
  paired: Type.Union([PeerId, Type.Null()], { description: 'the node that paired by it; then it is used up' }),
})
export type PairingCodeInfo = Static<typeof PairingCodeInfo>

export const PeerInfo = Type.Object({
  peer: PeerId,
  name: Type.Union([Type.String(), Type.Null()], { description: 'what its owner called it when the two were paired' }),
  own: Type.Boolean({ description: 'it is a node of the same owner, with whom no relation is needed' }),
  relation: Type.Union([RelationInfo, Type.Null()]),
  connected: Type.Boolean({ description: 'a connection is open now, which proves that it is that node' }),
  nearby: Type.Boolean({ description: 'it says on the local network that it is there' }),
  addresses: Addresses,
  seen: Type.Union([Seconds, Type.Null()], { description: 'when it was last heard of' }),
  problem: Type.Union([Type.String(), Type.Null()], { description: 'why it was not met the last time: a code' }),
  score: Type.Optional(PeerScore),
  place: Type.Optional(Type.String({ description: 'where it is, as was declared' })),
})
export type PeerInfo = Static<typeof PeerInfo>

export const Reach = Type.Object({
  start: Type.Array(Multiaddress, { maxItems: 16, description: 'nodes to begin at; without one nobody is found but who is paired' }),
  announce: Type.Array(Type.String({ maxLength: 300 }), {
    maxItems: 16,
    description: 'multiaddresses at which a router sends on to this node',
  }),
  relay: Type.Boolean({ description: 'carries connections of paired nodes that cannot reach each other' }),
  mapPort: Type.Boolean({ description: 'asks the router to open a port (UPnP)' }),
})
export type Reach = Static<typeof Reach>

export const PeersStatus = Type.Object({
  on: Type.Boolean({ description: 'the owner wants it; then it runs where the platform can' }),
  reach: Type.Union([Reach, Type.Null()], { description: 'how far it goes beyond local networks; null: not at all' }),
  running: Type.Boolean(),
  self: Type.Union([PeerId, Type.Null()], { description: 'this node, of which others know it by' }),
  addresses: Addresses,
  problem: Type.Union([Type.String(), Type.Null()]),
  peers: Type.Array(PeerInfo),
})
export type PeersStatus = Static<typeof PeersStatus>

/** Other nodes. */
export const peerMethods = {
  'peers.list': { params: Empty, result: PeersStatus, summary: 'This node among others: where it is reached, and which nodes it knows' },
  'peers.set': {
    params: Type.Object({ on: Type.Boolean() }),
    result: PeersStatus,
    summary: 'Whether the node listens for others on the local network, and looks for them',
  },
  'peers.reach': {
    params: Type.Object({ reach: Type.Union([Reach, Type.Null()]) }),
    result: PeersStatus,
    summary: 'How far the node goes to reach others and be reached: null is its local networks only',
  },
  'peers.showCode': {
    params: Type.Object({ relation: RelationKind, name: Name }),
    result: PairingCodeInfo,
    summary: 'A code for the other node, good for ten minutes, three tries and one pairing; it takes the place of one before it',
  },
  'peers.code': {
    params: Empty,
    result: Type.Object({ shown: Type.Union([PairingCodeInfo, Type.Null()]) }),
    summary: 'The code that is shown now, and what became of it',
  },
  'peers.hideCode': { params: Empty, result: Type.Object({}), summary: 'Ends the code' },
  'peers.pair': {
    params: Type.Object({
      code: Type.String({ maxLength: 2048, description: 'as it was read, or the link of its QR code' }),
      relation: RelationKind,
      name: Name,
      at: Type.Optional(Type.Array(Multiaddress, { maxItems: 16, description: 'where the other node is, when it is not on this network' })),
    }),
    result: PeerInfo,
    summary: 'Pairs with the node that shows this code',
  },
  'peers.share': {
    params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }), give: Type.Boolean(), mostBytes: MostBytes }),
    result: FriendShare,
    summary: 'What is given to a friend, and how much the friend may give; what is there already stays as it was agreed on',
  },
  'peers.end': {
    params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
    result: Type.Object({}),
    summary: 'Ends a relation, for good: to begin again, pair again',
  },
} as const satisfies MethodSchemas
