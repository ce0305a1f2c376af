import type { Socket } from 'node:net'

/** Takes exact numbers of bytes out of a connection. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #unread: Buffer[] = []
  #count = 0

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** @throws when the connection ends before. */
  async take(count: number): Promise<Buffer> {
    while (this.#count < count) {
      const next = await this.#chunks.next()
      if (next.done === true) throw new Error('the connection ended')
      this.#unread.push(next.value)
      this.#count += next.value.length
    }
    const all = this.#unread.length === 1 ? (this.#unread[0] as Buffer) : Buffer.concat(this.#unread)
    this.#unread = [all.subarray(count)]
    this.#count -= count
    return all.subarray(0, count)
  }
}
