import type { Shape, ShapeOf } from '@holt/core/shape.ts'

/** One kind of request, and what is answered; both are strict and bounded. */
export interface Method<In, Out> {
  request: Shape<In>
  answer: Shape<Out>
}

// oxlint-disable-next-line typescript/no-explicit-any -- a table holds methods of every shape; callers get the types back
export type Methods = Readonly<Record<string, Method<any, any>>>
export type RequestOf<M extends Methods, Name extends keyof M> = ShapeOf<M[Name]['request']>
export type AnswerOf<M extends Methods, Name extends keyof M> = ShapeOf<M[Name]['answer']>

/** What two nodes must agree on beforehand: a change of any of it is another version. */
export interface Protocol<M extends Methods = Methods> {
  /** `/holt/<name>/<version>` */
  readonly id: string
  readonly methods: M
  /** Of a frame without its length, in either direction. */
  readonly maxFrameBytes: number
  /** Requests that the caller of one stream may have open at once. */
  readonly maxOpenRequests: number
}

/** Large enough for a sealed block and what stands around it. */
export const MAX_FRAME_BYTES = 2 << 20
const MAX_OPEN_REQUESTS = 256

/** @throws RangeError for a name or bound that does not fit: our own bug. */
export function defineProtocol<M extends Methods>(protocol: Protocol<M>): Protocol<M> {
  if (!/^\/holt\/[a-z-]{1,32}\/[1-9][0-9]{0,3}$/.test(protocol.id)) throw new RangeError(`${protocol.id} is no name of a protocol`)
  const { maxFrameBytes, maxOpenRequests } = protocol
  if (maxFrameBytes < 4096 || maxFrameBytes > MAX_FRAME_BYTES) throw new RangeError('the bound of a frame is out of bounds')
  if (maxOpenRequests < 1 || maxOpenRequests > MAX_OPEN_REQUESTS) throw new RangeError('the number of open requests is out of bounds')
  return protocol
}
