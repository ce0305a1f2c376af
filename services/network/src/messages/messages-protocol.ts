import { bytes, bytesOf, record, type ShapeOf, uint } from '@holt/core/shape.ts'
import { defineProtocol } from '../rpc/protocol.ts'

export const MAX_MESSAGE_BYTES = 64 << 10

const message = record({
  /** The program that gets it, and the one that sends it; whose it is, the transport has proven. */
  to: bytesOf(16),
  from: bytesOf(16),
  /** Numbers of one line only grow: what was sent again is known by them. */
  line: bytesOf(16),
  number: uint({ min: 1 }),
  /** Milliseconds since 1970, by the sender's clock. */
  sent: uint(),
  body: bytes({ max: MAX_MESSAGE_BYTES }),
})

/** From a program to a program of a partner, or of the same owner on another node. */
export type Message = ShapeOf<typeof message>

/** Between partners: one message after the other. Answered when the program that gets it has kept what it made of it; the same again does no harm. */
export const messagesProtocol = defineProtocol({
  id: '/holt/messages/1',
  methods: { deliver: { request: message, answer: record({}) } },
  maxFrameBytes: 96 << 10,
  maxOpenRequests: 16,
})
