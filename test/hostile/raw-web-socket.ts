import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { until } from '../peers/harness.ts'

const FINAL = 0x80
const MASKED = 0x80
export const opcodes = { continuation: 0, text: 1, binary: 2, reserved: 3, close: 8, ping: 9 } as const

interface FrameOptions {
  opcode: keyof typeof opcodes
  final?: boolean
  masked?: boolean
  /** What the head says, when it lies. */
  length?: number
  /** Bits that no extension uses. */
  reserved?: number
}

/** One frame as RFC 6455 §5.2 has it, or as it must not be. */
export function frame(
  bytes: Uint8Array,
  { opcode, final = true, masked = true, length = bytes.length, reserved = 0 }: FrameOptions,
): Buffer {
  const head = Buffer.alloc(10)
  head[0] = (final ? FINAL : 0) | reserved | opcodes[opcode]
  let at = 2
  if (length < 126) head[1] = length
  else if (length < 65_536) {
    head[1] = 126
    at = head.writeUInt16BE(length, 2)
  } else {
    head[1] = 127
    at = head.writeBigUInt64BE(BigInt(length), 2)
  }
  if (masked) head[1] = (head[1] as number) | MASKED
  // a mask of zeros leaves the bytes as they are
  return Buffer.concat([head.subarray(0, at), masked ? Buffer.alloc(4) : Buffer.alloc(0), bytes])
}

/** A connection over which the test says what no library would. */
export class RawWebSocket {
  readonly socket: Socket
  readonly #parts: Buffer[] = []
  isOver = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (part: Buffer) => this.#parts.push(part))
    socket.on('error', () => {})
    socket.on('close', () => (this.isOver = true))
  }

  /** Resolves with the status of the answer. */
  static async open(t: TestContext, port: number, headers: Record<string, string> = {}): Promise<{ raw: RawWebSocket; status: number }> {
    const socket = connect({ host: '127.0.0.1', port })
    t.after(() => socket.destroy())
    const raw = new RawWebSocket(socket)
    const all = {
      Host: `127.0.0.1:${port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    }
    socket.write(
      `GET / HTTP/1.1\r\n${Object.entries(all)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    )
    const answer = /^HTTP\/1\.1 (\d+)[^]*\r\n\r\n/
    await until('an answer to the handshake', async () => raw.isOver || answer.test(raw.bytes.toString('latin1')))
    const [head = '', status = 0] = answer.exec(raw.bytes.toString('latin1')) ?? []
    raw.#parts.splice(0, raw.#parts.length, raw.bytes.subarray(head.length))
    return { raw, status: Number(status) }
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames))
  }

  /** The code of the close frame that it is sent; null when the connection ends without one. */
  async ends(): Promise<number | null> {
    await until('the end of the connection', async () => this.isOver || this.#closeCode !== null)
    this.socket.destroy()
    return this.#closeCode
  }

  get #closeCode(): number | null {
    for (let at = 0; at + 4 <= this.bytes.length; ) {
      if (((this.bytes[at] as number) & 0xf) === opcodes.close) return this.bytes.readUInt16BE(at + 2)
      at += 2 + ((this.bytes[at + 1] as number) & 0x7f)
    }
    return null
  }
}
