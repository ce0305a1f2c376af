import { arrayOf, bytes, bytesOf, cid, literal, nullable, record, type Shape, type ShapeOf, text, uint } from '@holt/core/shape.ts'
import { ANSWER_BYTES, MOST_ASKED } from '../cluster/cluster-protocol.ts'
import { defineProtocol, MAX_FRAME_BYTES } from '../rpc/protocol.ts'
import { chainShape, MAX_FOLDER_PATH_BYTES, MAX_NOTE_BYTES, MOST_CHAINS, versionShape } from './folder-record.ts'

export { ANSWER_BYTES, MOST_ASKED }
/** In one answer; of more folders the others are told when these are no more. */
export const MOST_TOLD = 32
const MAX_CAP_BYTES = 24 << 10

const volume = bytesOf(16)
const path = text({ maxBytes: MAX_FOLDER_PATH_BYTES })
const nothing = record({})
const bool: Shape<boolean> = { check: (value, where) => (value === true ? literal(true) : literal(false)).check(value, where) }
const block = nullable(record({ sealed: bytes({ max: MAX_FRAME_BYTES - 4096 }), class: text({ maxBytes: 32 }) }))

/** One folder as its owner gives it to who asks. */
const told = record({
  volume,
  /** A sealed readcap of the volume; null when it is given no more. */
  cap: nullable(bytes({ max: MAX_CAP_BYTES })),
  /** Of the newest version; 0 before the first. */
  seq: uint(),
  chains: arrayOf(chainShape, { max: MOST_CHAINS }),
  /** What the asker asked for. */
  requests: arrayOf(record({ path, refused: bool }), { max: 32 }),
})

/** Between nodes of owners who are friends: folders that one gives to the other. Who asks is known by the relation; nobody is told of others. */
export const sharingProtocol = defineProtocol({
  id: '/holt/sharing/1',
  methods: {
    /** All that the other gives to who asks. */
    list: { request: nothing, answer: record({ folders: arrayOf(told, { max: MOST_TOLD }) }) },
    /** Something may be new: ask. */
    news: { request: nothing, answer: nothing },
    /** The newest version; null when it is not newer than that number. */
    version: { request: record({ volume, seq: uint() }), answer: record({ version: nullable(versionShape) }) },
    /** Blocks of it, for the first of these that fit; null for what is no part of it, or not there. */
    blocks: {
      request: record({ volume, cids: arrayOf(cid, { min: 1, max: MOST_ASKED }) }),
      answer: record({ blocks: arrayOf(block, { max: MOST_ASKED }) }),
    },
    /** A version that a writer made; answered with the owner's own on top of it. The same again does no harm. */
    offer: { request: record({ volume, version: versionShape }), answer: record({ version: versionShape }) },
    /** Asks to be let write. */
    ask: { request: record({ volume, path, note: text({ maxBytes: MAX_NOTE_BYTES }) }), answer: nothing },
    /** A right to write that the asker has, handed on to another reader. */
    hand: { request: record({ volume, chain: chainShape }), answer: nothing },
    /** The asker reads it no more. */
    leave: { request: record({ volume }), answer: nothing },
  },
  maxFrameBytes: MAX_FRAME_BYTES,
  maxOpenRequests: 8,
})

export type SharingMethods = (typeof sharingProtocol)['methods']
export type ToldFolder = ShapeOf<typeof told>
