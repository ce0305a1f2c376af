import { arrayOf, bytes, bytesOf, cid, literal, nullable, record, type Shape, text, uint } from '@holt/core/shape.ts'
import { MAX_FRAME_BYTES, defineProtocol } from '../rpc/protocol.ts'
import type { ElectionAsk } from './election.ts'
import { LONGEST_LEASE_MS } from './leases.ts'
import { MAX_LINE_BYTES } from './line.ts'
import { mergedFiles } from './merged-book.ts'
import { nodeName } from './node-names.ts'
import { MAX_VOTERS_BYTES } from './voters.ts'

export const MOST_ASKED = 64
/** Of the blocks of one answer together; one block is sent however long it is. */
export const ANSWER_BYTES = 1 << 20
const MAX_PATH_BYTES = 4096
const MAX_BLOCK_BYTES = MAX_FRAME_BYTES - 4096

const line = bytes({ max: MAX_LINE_BYTES })
const voters = nullable(bytes({ max: MAX_VOTERS_BYTES }))
const token = record({ term: uint(), number: uint({ min: 1 }) })
const path = text({ maxBytes: MAX_PATH_BYTES })
const lease = record({ path, holder: bytesOf(32), token, lastsMs: uint({ min: 1, max: LONGEST_LEASE_MS }) })
const nothing = record({})
const bool: Shape<boolean> = { check: (value, where) => (value === true ? literal(true) : literal(false)).check(value, where) }
const electionAsk: Shape<ElectionAsk['kind']> = {
  check: (value, where) =>
    (value === 'would' ? literal('would') : value === 'vote' ? literal('vote') : literal('lead')).check(value, where),
}
const block = nullable(record({ sealed: bytes({ max: MAX_BLOCK_BYTES }), class: text({ maxBytes: 32 }) }))

/** Between the nodes of one owner. Who is none is refused. */
export const clusterProtocol = defineProtocol({
  id: '/holt/cluster/1',
  methods: {
    /** Where the asker stands, and how it is called; where the other does, before it takes anything in. */
    line: { request: record({ line, voters, name: nodeName }), answer: record({ line, voters, name: nodeName }) },
    /** `voters`: the number of those that the asker knows; between others an answer says nothing. */
    elect: { request: record({ kind: electionAsk, term: uint(), voters: uint() }), answer: record({ yes: bool, term: uint() }) },
    /** Of who leads. The same again for who has it. */
    lease: { request: record({ path, lastsMs: uint({ min: 1, max: LONGEST_LEASE_MS }) }), answer: record({ lease }) },
    release: { request: record({ path, token }), answer: nothing },
    /** The leader tells the others what it has granted. */
    fence: { request: record({ lease }), answer: nothing },
    /** And what of that was given back before its time. */
    fenceOver: { request: record({ path, token }), answer: nothing },
    /** Files of which only one node's content could stand, as far as the other has heard. */
    merged: { request: nothing, answer: record({ files: mergedFiles }) },
    /** Blocks for the first of these that fit, at least one; null for what is not there. */
    blocks: {
      request: record({ cids: arrayOf(cid, { min: 1, max: MOST_ASKED }) }),
      answer: record({ blocks: arrayOf(block, { max: MOST_ASKED }) }),
    },
  },
  maxFrameBytes: MAX_FRAME_BYTES,
  maxOpenRequests: 8,
})

export type ClusterMethods = (typeof clusterProtocol)['methods']
