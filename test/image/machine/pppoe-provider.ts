import { createHash, randomBytes } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'

const DISCOVERY = 0x8863
const SESSION = 0x8864
const SESSION_ID = 0x4711
const MAC = Buffer.from('525400999999', 'hex')

const LCP = 0xc021
const CHAP = 0xc223
const IPCP = 0x8021
const IPV4 = 0x0021

const configure = { request: 1, ack: 2, nak: 3, reject: 4 } as const

export interface PppoeOptions {
  user: string
  password: string
  /** The provider's own end, which is its name server too, and what the customer gets. */
  provider: string
  customer: string
  /** Answers pings, as any other place of the internet would. */
  site: string
}

/**
 * A provider's access concentrator at the far end of one network card: PPPoE (RFC 2516) with sign-in by CHAP (RFC 1994) and IPv4,
 * behind which a single site answers pings. It needs nothing of this computer's kernel, which may know no PPP.
 */
export class PppoeProvider {
  readonly #options: PppoeOptions
  readonly #server: Server
  readonly #challenge = randomBytes(16)
  #socket: Socket | null = null
  #customerMac = Buffer.alloc(6)
  /** What came up, in this order: session, signed in, address. */
  readonly events: string[] = []
  /** From where the site was asked. */
  readonly askedFrom: string[] = []

  private constructor(options: PppoeOptions, server: Server) {
    this.#options = options
    this.#server = server
    server.on('connection', (socket) => this.#plugged(socket))
  }

  /** @param path of the socket that QEMU's card is plugged into. */
  static async start(path: string, options: PppoeOptions): Promise<PppoeProvider> {
    const server = createServer()
    const provider = new PppoeProvider(options, server)
    server.listen(path)
    await once(server, 'listening')
    return provider
  }

  async close(): Promise<void> {
    this.#socket?.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** QEMU writes the length of each frame before it. */
  #plugged(socket: Socket): void {
    this.#socket = socket
    let got = Buffer.alloc(0)
    socket.on('error', () => {}) // the machine has lost its power
    socket.on('data', (bytes: Buffer) => {
      got = Buffer.concat([got, bytes])
      while (got.length >= 4 && got.length >= 4 + got.readUInt32BE(0)) {
        const end = 4 + got.readUInt32BE(0)
        this.#frame(got.subarray(4, end))
        got = got.subarray(end)
      }
    })
  }

  #frame(frame: Buffer): void {
    if (frame.length < 20) return
    const type = frame.readUInt16BE(12)
    if (type !== DISCOVERY && type !== SESSION) return
    this.#customerMac = Buffer.from(frame.subarray(6, 12))
    const body = frame.subarray(20, 20 + frame.readUInt16BE(18))
    if (type === DISCOVERY) this.#discovery(frame[15] as number, body)
    else if (frame.readUInt16BE(16) === SESSION_ID) this.#session(body.readUInt16BE(0), body.subarray(2))
  }

  #send(type: number, code: number, session: number, body: Buffer): void {
    const head = Buffer.alloc(20)
    this.#customerMac.copy(head, 0)
    MAC.copy(head, 6)
    head.writeUInt16BE(type, 12)
    head.writeUInt16BE(0x1100 | code, 14)
    head.writeUInt16BE(session, 16)
    head.writeUInt16BE(body.length, 18)
    const frame = Buffer.concat([head, body])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(frame.length)
    this.#socket?.write(Buffer.concat([length, frame]))
  }

  /** PADI is answered by PADO, PADR by PADS with what was asked for. */
  #discovery(code: number, tags: Buffer): void {
    if (code === 0x09) this.#send(DISCOVERY, 0x07, 0, Buffer.concat([tags, tag(0x0102, 'provider')]))
    if (code !== 0x19) return
    this.#send(DISCOVERY, 0x65, SESSION_ID, tags)
    this.events.push('session')
  }

  #ppp(protocol: number, code: number, id: number, ...parts: Buffer[]): void {
    const body = Buffer.concat(parts)
    const head = Buffer.from([protocol >> 8, protocol & 0xff, code, id, 0, 0])
    head.writeUInt16BE(4 + body.length, 4)
    this.#send(SESSION, 0, SESSION_ID, Buffer.concat([head, body]))
  }

  #session(protocol: number, packet: Buffer): void {
    if (protocol === IPV4) return this.#ipv4(packet)
    const [code = 0, id = 0] = packet
    const body = packet.subarray(4, packet.readUInt16BE(2))
    if (protocol === LCP) this.#lcp(code, id, body)
    else if (protocol === CHAP) this.#chap(code, id, body)
    else if (protocol === IPCP) this.#ipcp(code, id, body)
    else this.#ppp(LCP, 8, id, Buffer.from([protocol >> 8, protocol & 0xff]), packet)
  }

  #lcp(code: number, id: number, body: Buffer): void {
    if (code === 9) this.#ppp(LCP, 10, id, Buffer.from('11223344', 'hex'), body.subarray(4))
    if (code === configure.ack) this.#ppp(CHAP, 1, 7, Buffer.from([this.#challenge.length]), this.#challenge, Buffer.from('provider'))
    if (code !== configure.request) return
    const unknown = options(body).filter(({ type }) => type !== 1 && type !== 5)
    if (unknown.length > 0) this.#ppp(LCP, configure.reject, id, ...unknown.map(({ bytes }) => bytes))
    else this.#ppp(LCP, configure.ack, id, body)
    // not before: until it asks itself it hears nothing
    this.#ppp(LCP, configure.request, 1, option(1, '05d4'), option(3, `${CHAP.toString(16)}05`), option(5, '11223344'))
  }

  #chap(code: number, id: number, body: Buffer): void {
    if (code !== 2) return
    const length = body[0] as number
    const { user, password } = this.#options
    const expected = createHash('md5')
      .update(Buffer.concat([Buffer.from([id]), Buffer.from(password), this.#challenge]))
      .digest()
    const right = body.subarray(1, 1 + length).equals(expected) && body.subarray(1 + length).toString() === user
    this.events.push(right ? 'signed in' : 'refused')
    this.#ppp(CHAP, right ? 3 : 4, id)
  }

  /** The customer asks for 0.0.0.0 and is told what to ask for. */
  #ipcp(code: number, id: number, body: Buffer): void {
    if (code !== configure.request) return
    const { provider, customer } = this.#options
    const right = new Map([
      [3, customer],
      [129, provider],
      [131, provider],
    ])
    const asked = options(body)
    const unknown = asked.filter(({ type }) => !right.has(type))
    const wrong = asked.filter(({ type, value }) => right.has(type) && value !== hexOf(right.get(type) as string))
    if (unknown.length > 0) return this.#ppp(IPCP, configure.reject, id, ...unknown.map(({ bytes }) => bytes))
    if (wrong.length > 0)
      return this.#ppp(IPCP, configure.nak, id, ...wrong.map(({ type }) => option(type, hexOf(right.get(type) as string))))
    this.#ppp(IPCP, configure.ack, id, body)
    this.#ppp(IPCP, configure.request, 1, option(3, hexOf(provider)))
    this.events.push('address')
  }

  #ipv4(packet: Buffer): void {
    const head = ((packet[0] as number) & 15) * 4
    const to = addressAt(packet, 16)
    const isEcho = packet[9] === 1 && packet[head] === 8
    if (!isEcho || to !== this.#options.site) return
    this.askedFrom.push(addressAt(packet, 12))
    const answer = Buffer.from(packet.subarray(0, packet.readUInt16BE(2)))
    packet.copy(answer, 12, 16, 20)
    packet.copy(answer, 16, 12, 16)
    answer[head] = 0
    answer.writeUInt16BE(0, head + 2)
    answer.writeUInt16BE(checksum(answer.subarray(head)), head + 2)
    this.#send(SESSION, 0, SESSION_ID, Buffer.concat([Buffer.from([0, IPV4]), answer]))
  }
}

function tag(type: number, text: string): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(text.length, 2)
  return Buffer.concat([head, Buffer.from(text)])
}

function option(type: number, hex: string): Buffer {
  return Buffer.concat([Buffer.from([type, 2 + hex.length / 2]), Buffer.from(hex, 'hex')])
}

function options(body: Buffer): { type: number; value: string; bytes: Buffer }[] {
  const found = []
  for (let at = 0; at + 2 <= body.length; ) {
    const length = Math.max(body[at + 1] as number, 2)
    const bytes = body.subarray(at, at + length)
    found.push({ type: body[at] as number, value: bytes.subarray(2).toString('hex'), bytes })
    at += length
  }
  return found
}

function hexOf(address: string): string {
  return Buffer.from(address.split('.').map(Number)).toString('hex')
}

function addressAt(packet: Buffer, offset: number): string {
  return packet.subarray(offset, offset + 4).join('.')
}

/** Of the internet: the ones' complement of the sum of 16-bit words. */
function checksum(bytes: Buffer): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += i + 1 < bytes.length ? bytes.readUInt16BE(i) : (bytes[i] as number) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return ~sum & 0xffff
}
