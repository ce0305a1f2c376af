import { arrayOf, bytes, bytesOf, record } from '@holt/core/shape.ts'
import { MAX_RECORD_BYTES } from '../endpoints/endpoint-record.ts'
import { MAX_RELATION_BYTES } from '../relations/relation.ts'
import { defineProtocol } from '../rpc/protocol.ts'

const MOST_RECORDS = 8
const MOST_RELATIONS = 16
const records = arrayOf(bytes({ max: MAX_RECORD_BYTES }), { max: MOST_RECORDS })
/** What connects the two, and where the nodes of the one who speaks are. */
const word = record({ relations: arrayOf(bytes({ max: MAX_RELATION_BYTES }), { max: MOST_RELATIONS }), records })

/** Between nodes whose owners have a relation. Who has none is refused. */
export const peerProtocol = defineProtocol({
  id: '/holt/peer/1',
  methods: {
    hello: { request: word, answer: word },
    /** Where the nodes of somebody are, whom the asker names: nobody is told whom else one knows. */
    resolve: { request: record({ owner: bytesOf(32) }), answer: record({ records }) },
  },
  maxFrameBytes: 96 << 10,
  maxOpenRequests: 8,
})

export interface Word {
  relations: Uint8Array[]
  records: Uint8Array[]
}

export const fitting = {
  relations: <T>(all: readonly T[]): T[] => all.slice(0, MOST_RELATIONS),
  records: <T>(all: readonly T[]): T[] => all.slice(0, MOST_RECORDS),
}
