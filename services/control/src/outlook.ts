import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'

const Seconds = Type.Integer({ minimum: 0, maximum: 1e12 })
const Chance = Type.Number({ minimum: 0, maximum: 1 })
const ClassName = Type.String({ minLength: 1, maxLength: 32 })
const Nines = Type.Integer({ minimum: 1, maximum: 15, description: '11 is one loss in 100,000,000,000 a year' })

/** How it went with a node, as it was measured while this one was on. */
export const PeerScore = Type.Object({
  trust: Type.Integer({ minimum: 0, maximum: 100, description: 'of a hundred: how far it is counted on; what follows is what makes it' }),
  availability: Chance,
  intactness: Type.Number({ minimum: 0, maximum: 1, description: 'how far it has what it was given' }),
  proofs: Type.Integer({ description: 'of late, those that it gave; older ones count less and less' }),
  faults: Type.Integer({ description: 'likewise those that it did not give, or wrongly' }),
  latencyMs: Type.Union([Type.Integer(), Type.Null()], { description: 'how long it takes to answer' }),
  measuredSeconds: Seconds,
  silentSeconds: Type.Integer({ description: 'it was not reached for so long, 0: it was the last time' }),
  gone: Type.Boolean({ description: 'what it has is given to others, too' }),
})
export type PeerScore = Static<typeof PeerScore>

export const ClassOutlook = Type.Object({
  redundancyClass: Type.String(),
  dataFragments: Type.Integer(),
  totalFragments: Type.Integer(),
  nines: Nines,
  packs: Type.Integer(),
  lossPerYear: Type.Union([Chance, Type.Null()], {
    description: 'the chance that what is in a pack is lost, as it lies now; null: there is none',
  }),
  plannedLossPerYear: Type.Number({ minimum: 0, maximum: 1, description: 'the same once friends have all that they are to have' }),
  moreFriends: Type.Union([Type.Integer(), Type.Null()], {
    description: 'friends like these, each in another place, that are missing for what is wished; null: more of them do not reach it',
  }),
})
export type ClassOutlook = Static<typeof ClassOutlook>

/** How safe everything is, as far as friends keep it. */
export const Outlook = Type.Object({
  friends: Type.Integer({ description: 'to whom something is given' }),
  circles: Type.Integer({ description: 'of them, how many do not fall together or with this node: by owner, declared place and network' }),
  settled: Type.Boolean({ description: 'all of them were measured for a day' }),
  homePerYear: Type.Number({ description: 'assumed: how often in a year everything here is lost at once' }),
  friendPerYear: Type.Number({ description: 'assumed: how often in a year a friend is gone for good' }),
  goneAfterSeconds: Type.Integer({ description: 'who is silent for so long counts as gone' }),
  repairBytesPerSecond: Type.Integer({ description: 'how fast what was lost with friends is given to others' }),
  here: Type.Union([Type.String(), Type.Null()], { description: 'the place of this node' }),
  classes: Type.Array(ClassOutlook),
})
export type Outlook = Static<typeof Outlook>

const Place = Type.String({ minLength: 1, maxLength: 64, description: "as one calls it: Grandma's house" })

export const outlookMethods = {
  'peers.outlook': {
    params: Type.Object({}),
    result: Outlook,
    summary: 'How safe everything is, as far as friends keep it, and what is missing for what is wished',
  },
  'peers.place': {
    params: Type.Object({
      of: Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
        description: 'PeerId text form of a node or an owner; null: this node',
      }),
      place: Type.Union([Place, Type.Null()], { description: 'null: nothing is said any more' }),
    }),
    result: Type.Object({}),
    summary: 'Declares where a node is, or all nodes of an owner: what is in one place is lost together',
  },
  'peers.wish': {
    params: Type.Object({ redundancyClass: ClassName, nines: Type.Union([Nines, Type.Null()], { description: 'null: the usual 11' }) }),
    result: Outlook,
    summary: 'How safe a redundancy class is to be: it sets how much of it friends are given',
  },
  'peers.repair': {
    params: Type.Object({
      goneAfterSeconds: Type.Optional(Type.Integer({ minimum: 21_600, maximum: 31_536_000 })),
      bytesPerSecond: Type.Optional(Type.Integer({ minimum: 16_384, maximum: 2 ** 40 })),
    }),
    result: Outlook,
    summary: 'After how long a silence a friend is gone, and how fast what it had is given to others',
  },
} as const satisfies MethodSchemas
