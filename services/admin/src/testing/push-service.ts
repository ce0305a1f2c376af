import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a browser keeps to itself of a subscription. */
export interface BrowserKeys {
  privateKey: Uint8Array
  auth: Uint8Array
}

interface Taken {
  path: string
  headers: IncomingHttpHeaders
  text: string
  bytes: number
}

/** A push service on this machine and the browsers behind it: real HTTP, and messages are opened as a browser opens them. */
export class PushService {
  readonly taken: Taken[] = []
  /** Answers for the next messages, then 201 for all. */
  readonly answers: { status: number; headers?: Record<string, string> }[] = []
  readonly #browsers = new Map<string, BrowserKeys>()
  readonly #waiting = new Set<() => void>()
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        const { status, headers = {} } = this.answers.shift() ?? { status: 201 }
        const body = Buffer.concat(parts)
        const keys = this.#browsers.get(request.url ?? '')
        if (keys !== undefined)
          this.taken.push({ path: request.url ?? '', headers: request.headers, text: openPush(body, keys), bytes: body.length })
        response.writeHead(status, headers).end('what is said here is read by nobody')
        for (const wake of this.#waiting) wake()
      })
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** What a new browser hands to the page. */
  newBrowser(name: string): { endpoint: string; p256dh: string; auth: string } {
    const pair = createECDH('prime256v1')
    pair.generateKeys()
    const auth = randomBytes(16)
    this.#browsers.set(`/${name}`, { privateKey: pair.getPrivateKey(), auth })
    const { port } = this.#server.address() as AddressInfo
    return {
      endpoint: `http://127.0.0.1:${port}/${name}`,
      p256dh: pair.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
    }
  }

  /** Resolves when so many messages came. */
  async count(count: number): Promise<Taken[]> {
    while (this.taken.length < count)
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake)
          resolve()
        }
        this.#waiting.add(wake)
      })
    return this.taken
  }
}

/** Opens one message as a browser does: RFC 8291 and RFC 8188, read from the other side. @throws when it is not for these keys. */
export function openPush(body: Uint8Array, { privateKey, auth }: BrowserKeys): string {
  const bytes = Buffer.from(body)
  const salt = bytes.subarray(0, 16)
  const keyLength = bytes.readUInt8(20)
  const sender = bytes.subarray(21, 21 + keyLength)
  const record = bytes.subarray(21 + keyLength)
  const own = createECDH('prime256v1')
  own.setPrivateKey(privateKey)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender])
  const secret = Buffer.from(hkdfSync('sha256', own.computeSecret(sender), auth, info, 32))
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12))
  const cipher = createDecipheriv('aes-128-gcm', key, nonce)
  cipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()])
  let end = padded.length - 1
  while (padded[end] === 0) end--
  if (padded[end] !== 2) throw new Error('the last record ends with 2')
  return padded.subarray(0, end).toString()
}
