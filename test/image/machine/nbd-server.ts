import { createServer, type Server, type Socket } from 'node:net'
import { ByteReader } from './byte-reader.ts'

/** What is served. Offsets and lengths are in bytes and lie within the size. */
export interface BlockDevice {
  readonly sizeBytes: number
  read(offset: number, length: number): Promise<Buffer>
  write(offset: number, bytes: Buffer): Promise<void>
  flush(): Promise<void>
}

// Network Block Device, fixed newstyle negotiation with simple replies; see the protocol's own description (nbd, doc/proto.md).
const OPTION_MAGIC = 'IHAVEOPT'
const OPTION_REPLY_MAGIC = 0x3e889045565a9n
const REQUEST_MAGIC = 0x25609513
const REPLY_MAGIC = 0x67446698
const FIXED_NEWSTYLE_NO_ZEROES = 0b11
const options = { abort: 2, info: 6, go: 7 }
const replies = { acknowledge: 1, info: 3, unsupported: 0x80000001 }
const requests = { read: 0, write: 1, disconnect: 2, flush: 3 }
const FLAG_FUA = 1
/** Has flags; takes flushes; takes writes that are to be flushed themselves. */
const EXPORT_FLAGS = 0b1101
const REFUSED = 22
const MOST_BYTES = 64 * 2 ** 20

/** Serves one device to whoever connects, over a Unix socket. */
export class NbdServer {
  readonly #server: Server
  readonly #clients = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(device: BlockDevice, path: string): Promise<NbdServer> {
    const server = createServer()
    const nbd = new NbdServer(server)
    server.on('connection', (socket) => {
      nbd.#clients.add(socket)
      socket.on('error', () => {}) // QEMU is killed: followed by close
      socket.on('close', () => nbd.#clients.delete(socket))
      void serve(device, socket)
        .catch(() => {})
        .finally(() => socket.destroy())
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    return nbd
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

async function serve(device: BlockDevice, socket: Socket): Promise<void> {
  const reader = new ByteReader(socket)
  if (await negotiate(device, socket, reader)) while (await answer(device, socket, reader));
}

/** @returns whether the client goes on to requests. */
async function negotiate(device: BlockDevice, socket: Socket, reader: ByteReader): Promise<boolean> {
  socket.write(Buffer.concat([Buffer.from(`NBDMAGIC${OPTION_MAGIC}`), Buffer.from([0, FIXED_NEWSTYLE_NO_ZEROES])]))
  await reader.take(4)
  for (;;) {
    const head = await reader.take(16)
    if (head.toString('latin1', 0, 8) !== OPTION_MAGIC) return false
    const option = head.readUInt32BE(8)
    await reader.take(head.readUInt32BE(12))
    if (option === options.abort) return false
    if (option !== options.go && option !== options.info) {
      socket.write(optionReply(option, replies.unsupported))
      continue
    }
    const info = Buffer.alloc(12)
    info.writeBigUInt64BE(BigInt(device.sizeBytes), 2)
    info.writeUInt16BE(EXPORT_FLAGS, 10)
    socket.write(Buffer.concat([optionReply(option, replies.info, info), optionReply(option, replies.acknowledge)]))
    if (option === options.go) return true
  }
}

function optionReply(option: number, type: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(20)
  head.writeBigUInt64BE(OPTION_REPLY_MAGIC)
  head.writeUInt32BE(option, 8)
  head.writeUInt32BE(type, 12)
  head.writeUInt32BE(data.length, 16)
  return Buffer.concat([head, data])
}

/** Takes and answers one request. @returns whether another may come. */
async function answer(device: BlockDevice, socket: Socket, reader: ByteReader): Promise<boolean> {
  const head = await reader.take(28)
  if (head.readUInt32BE(0) !== REQUEST_MAGIC) return false
  const [flags, type, length] = [head.readUInt16BE(4), head.readUInt16BE(6), head.readUInt32BE(24)]
  const offset = Number(head.readBigUInt64BE(16))
  if (type === requests.disconnect || length > MOST_BYTES) return false
  const payload = type === requests.write ? Buffer.from(await reader.take(length)) : null
  const reply = Buffer.alloc(16)
  reply.writeUInt32BE(REPLY_MAGIC)
  head.copy(reply, 8, 8, 16)
  const data = offset + length > device.sizeBytes ? null : await perform(device, { type, offset, length, payload, flags })
  if (data === null) reply.writeUInt32BE(REFUSED, 4)
  socket.write(data === null ? reply : Buffer.concat([reply, data]))
  return true
}

interface Request {
  type: number
  flags: number
  offset: number
  length: number
  payload: Buffer | null
}

/** @returns the bytes that go with the reply; null when there is no such request. */
async function perform(device: BlockDevice, { type, flags, offset, length, payload }: Request): Promise<Buffer | null> {
  if (type === requests.read) return await device.read(offset, length)
  if (type === requests.write) await device.write(offset, payload as Buffer)
  else if (type !== requests.flush) return null
  if (type === requests.flush || (flags & FLAG_FUA) !== 0) await device.flush()
  return Buffer.alloc(0)
}
