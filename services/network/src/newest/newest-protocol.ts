import { arrayOf, bytes, bytesOf, record, uint } from '@holt/core/shape.ts'
import { MAX_PACK_BYTES } from '@holt/store/fragments/fragment-file.ts'
import { defineProtocol } from '../rpc/protocol.ts'
import { MAX_NEWEST_BYTES, MOST_COPIES } from './newest-record.ts'

export const COPY_PIECE_BYTES = 256 << 10
/** Of one owner, those included that are gone. */
export const MOST_NODES = 4

const pack = bytesOf(16)
const offset = uint({ max: MAX_PACK_BYTES })
const newest = bytes({ max: MAX_NEWEST_BYTES })

/** A node gives friends the newest state of its tree, soon after each commit. Every request may be made again without harm. */
export const newestProtocol = defineProtocol({
  id: '/holt/newest/1',
  methods: {
    /** What is here of the asking node. `seq`: 0 when nothing is. */
    state: {
      request: record({}),
      answer: record({ seq: uint(), copies: arrayOf(record({ pack, size: offset }), { max: 2 * MOST_COPIES }) }),
    },
    /** More of a pack of the asking node, from where the copy ends. `have`: where it ends now; only what a record names outlasts a restart. */
    append: { request: record({ pack, offset, bytes: bytes({ max: COPY_PIECE_BYTES }) }), answer: record({ have: offset }) },
    /** Takes the place of the record before. Durable, and so is all that it names; copies that it does not name are removed. */
    keep: { request: record({ newest }), answer: record({}) },
    /** Everything that is kept for the asker's owner, of all its nodes. */
    list: { request: record({}), answer: record({ newest: arrayOf(newest, { max: MOST_NODES }) }) },
    read: {
      request: record({ node: bytesOf(32), pack, offset, length: uint({ min: 1, max: COPY_PIECE_BYTES }) }),
      answer: record({ bytes: bytes({ max: COPY_PIECE_BYTES }) }),
    },
  },
  maxFrameBytes: 512 << 10,
  maxOpenRequests: 8,
})

export type NewestMethods = (typeof newestProtocol)['methods']
