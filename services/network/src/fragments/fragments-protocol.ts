import { GROUP_BYTES, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { arrayOf, bytes, bytesOf, nullable, record, uint } from '@holt/core/shape.ts'
import { MAX_PACK_BYTES, MAX_TAIL_BYTES } from '@holt/store/fragments/fragment-file.ts'
import { defineProtocol } from '../rpc/protocol.ts'
import { FRAGMENT_NAME_BYTES, MAX_AGREEMENT_BYTES } from './agreement.ts'

/** Of one request that carries content: what each costs beside its bytes must not count, and several at once must not take much memory. */
export const MOST_GROUPS = 8
export const PIECE_BYTES = MOST_GROUPS * GROUP_BYTES
export const MOST_LISTED = 64
const MAX_GROUPS = MAX_PACK_BYTES / GROUP_BYTES
/** Two paths down a tree of 4096 groups. */
const MAX_PROOF_BYTES = 32 * HASH_BYTES

const fragment = bytesOf(FRAGMENT_NAME_BYTES)
const agreement = bytes({ max: MAX_AGREEMENT_BYTES })
const tail = bytes({ max: MAX_TAIL_BYTES })
const nothing = record({})

/** A node gives fragments of its owner's packs to a friend's. Every request may be made again without harm. */
export const fragmentsProtocol = defineProtocol({
  id: '/holt/fragments/1',
  methods: {
    /** The agreement has the giver's signature, and zeros for the holder's. `have`: bytes of the shard that are there already. */
    offer: {
      request: record({ agreement, tail, groups: bytes({ max: MAX_GROUPS * HASH_BYTES, multipleOf: HASH_BYTES }) }),
      answer: record({ signature: bytesOf(64), have: uint() }),
    },
    /** Whole groups of the shard, from where it ends now; with the last it is kept, durably. */
    put: {
      request: record({ fragment, offset: uint({ max: MAX_PACK_BYTES }), bytes: bytes({ max: PIECE_BYTES }) }),
      answer: record({ have: uint() }),
    },
    /** Some groups of the shard, with what proves them against its hash in the tail. */
    read: {
      request: record({ fragment, from: uint({ max: MAX_GROUPS }), to: uint({ min: 1, max: MAX_GROUPS }) }),
      answer: record({ bytes: bytes({ max: PIECE_BYTES }), proof: bytes({ max: MAX_PROOF_BYTES, multipleOf: HASH_BYTES }) }),
    },
    release: { request: record({ release: bytes({ max: MAX_AGREEMENT_BYTES }) }), answer: nothing },
    /** What is wholly here of the asker's owner, in the order of names. */
    list: {
      request: record({ after: nullable(fragment) }),
      answer: record({ held: arrayOf(record({ agreement, tail }), { max: MOST_LISTED }) }),
    },
    /** How much the asker's owner may give. */
    room: { request: nothing, answer: record({ used: uint(), most: uint() }) },
  },
  maxFrameBytes: 576 << 10,
  maxOpenRequests: 8,
})

export type FragmentsMethods = (typeof fragmentsProtocol)['methods']
