import { createServer, type Server } from 'node:https'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AdminLog } from '../../options.ts'
import type { PageCertificates } from './page-certificates.ts'

/** Addresses change when a router says so; certificates end with the years. */
const LOOK_EVERY_MS = 60_000

export interface SecureListenerParts {
  certificates: PageCertificates
  listen: { host: string; port: number }
  /** What answers over HTTP answers here too. */
  onRequest: RequestListener
  limits: { maxHeaderSize: number; headersTimeout: number; connections: number; idleMs: number }
  /** Told of each server before it listens. */
  onServer?: (server: Server) => void
  log: AdminLog
}

/** The page over TLS. Whatever fails here is told and tried again; the page without it goes on. */
export class SecureListener {
  readonly #parts: SecureListenerParts
  #server: Server | null = null
  #timer: NodeJS.Timeout | null = null
  #told = ''

  constructor(parts: SecureListenerParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    await this.look()
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** null while it does not listen. */
  get port(): number | null {
    const address = this.#server?.address()
    return typeof address === 'object' && address !== null ? (address as AddressInfo).port : null
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    const server = this.#server
    if (server === null) return
    this.#server = null
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }

  /** Once, as every minute: renews what has to be, and listens if it does not yet. */
  async look(): Promise<void> {
    try {
      const renewed = await this.#parts.certificates.refresh()
      if (this.#server === null) this.#server = await this.#listen()
      else if (renewed !== null) this.#server.setSecureContext(this.#context())
      this.#told = ''
    } catch (error) {
      const { message } = error as Error
      if (this.#told !== message) this.#parts.log.error(`no HTTPS: ${message}`)
      this.#told = message
    }
  }

  async #listen(): Promise<Server> {
    const { listen, limits, onRequest } = this.#parts
    const { maxHeaderSize, headersTimeout, connections, idleMs } = limits
    const server = createServer({ ...this.#context(), minVersion: 'TLSv1.2', maxHeaderSize, headersTimeout }, onRequest)
    server.maxConnections = connections
    this.#parts.onServer?.(server)
    server.timeout = idleMs
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(listen, () => {
        server.off('error', reject)
        resolve()
      })
    })
    return server
  }

  #context(): { key: string; cert: string } {
    const { page } = this.#parts.certificates
    if (page === null) throw new Error('there is no certificate yet')
    return { key: page.key.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: page.certificate.toString() }
  }
}
