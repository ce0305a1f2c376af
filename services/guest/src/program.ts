import type { Alarm, Alarms } from './alarms.ts'
import type { Folder } from './folder.ts'
import type { Hosts } from './hosts.ts'
import type { Message, Messages } from './messages.ts'
import type { Request, Response } from './http.ts'
import type { OpenResponse, OpenStream, Page, ServerEvent, SocketMessage, Stream, StreamEnd } from './page.ts'
import type { Signing } from './signing.ts'
import type { Store } from './store.ts'

/** What a program is handed: its store, and by their names in the manifest the powers that its owner granted. What was not granted is undefined. */
export interface Powers {
  readonly store: Store
  readonly [name: string]: unknown
}

/** What a program's main module exports as `default`. Each handler is one delivery: what it changed in the store is kept when it is done, or nothing of it. */
export interface Program<P extends Powers = Powers> {
  /** A request to the program's page. */
  fetch?(request: Request, powers: P): Response | Promise<Response>
  /** After it was installed, updated or granted something, and whenever the node starts. */
  start?(powers: P): void | Promise<void>
  /** An alarm that it set rings. It is over when this is done; when it throws, it rings again later. */
  alarm?(alarm: Alarm, powers: P): void | Promise<void>
  /** A message has come. When this throws it comes again, and is given up at last. */
  message?(message: Message, powers: P): void | Promise<void>
  /** A message has come over a WebSocket. When this throws, the WebSocket is closed. */
  webSocketMessage?(socket: OpenStream, message: SocketMessage, powers: P): void | Promise<void>
  /** A stream is no longer open, whoever closed it. Not called for those that end with the program: none is open at `start`. */
  streamClosed?(stream: OpenStream, end: StreamEnd, powers: P): void | Promise<void>
  /** What waited has gone, after something more was refused with LIMIT_REACHED, or a stream was told to be full. */
  streamDrained?(stream: OpenStream, powers: P): void | Promise<void>
}

export type { Alarm, Alarms, Folder, Hosts, Message, Messages, Request, Response, Signing, Store }
export type { OpenResponse, OpenStream, Page, ServerEvent, SocketMessage, Stream, StreamEnd }
