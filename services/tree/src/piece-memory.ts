/** Files are sealed in pieces of this size: one large chunk or sixteen small ones. */
export const PIECE_BYTES = 1 << 20
/** And for the head, the padding and the tag of each. */
const ROOM_BYTES = PIECE_BYTES + (64 << 10)

export interface Piece {
  content: Uint8Array
  /** For what is sealed of it. */
  room: ArrayBuffer
}

/** Memory that travels to a worker thread and back: new memory for each piece would cost as much as sealing it. */
export class PieceMemory {
  readonly #free: Piece[] = []

  take(): Piece {
    return this.#free.pop() ?? { content: new Uint8Array(PIECE_BYTES), room: new ArrayBuffer(ROOM_BYTES) }
  }

  /** What is not large enough, having been made elsewhere, is left to the collector. */
  give(content: Uint8Array, room: Uint8Array): void {
    if (content.length >= PIECE_BYTES && room.byteLength >= ROOM_BYTES) this.#free.push({ content, room: room.buffer as ArrayBuffer })
  }
}
