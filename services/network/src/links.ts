import type { Principal } from '@holt/core/principal.ts'

/**
 * How nodes reach each other, whatever carries it: a libp2p host, or a simulated network in tests. Everything above works on these
 * two interfaces, a clock and random bytes alone, so that all of it can be run again from one seed.
 */
export interface Links {
  readonly self: Principal
  /**
   * A new stream to a peer, encrypted and with its other end proven to be that peer.
   *
   * @throws HoltError PEER_UNREACHABLE; UNSUPPORTED_VERSION when the peer does not speak the protocol; CANCELLED.
   */
  open(peer: Principal, protocol: string, options?: { signal?: AbortSignal }): Promise<Link>
  /** Takes streams that peers open for a protocol. @returns a function that ends it. */
  handle(protocol: string, onLink: (link: Link) => void): () => void
}

/** One end of an ordered stream of bytes. */
export interface Link {
  /** Who is at the other end, for certain. */
  readonly peer: Principal
  /**
   * Some bytes that came, never none; one read at a time.
   *
   * @returns null when the peer writes no more.
   * @throws HoltError what `abort` was called with, or PEER_UNREACHABLE when the stream broke.
   */
  read(): Promise<Uint8Array | null>
  /** Resolves when more may be written. @throws HoltError as `read`. */
  write(bytes: Uint8Array): Promise<void>
  /** Says that nothing more will be written; reading goes on. Never throws. */
  close(): Promise<void>
  /** Ends both directions now: what waits for a read or a write fails with `error`. Nothing happens the second time. */
  abort(error: Error): void
}
