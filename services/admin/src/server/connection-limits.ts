import type { Server, Socket } from 'node:net'
import { networkOf } from './auth/network-of.ts'

export interface ConnectionLimits {
  /** Of one address: more than browsers open, with all their tabs and live updates. */
  perAddress: number
  /** Of one IPv6 network, which may be a whole home. */
  perNetwork: number
}

export const CONNECTION_LIMITS: ConnectionLimits = { perAddress: 128, perNetwork: 512 }

/** Keeps one machine from taking all connections, so that others still get one; counts over all servers it was given. */
export class ConnectionCount {
  readonly #limits: ConnectionLimits
  readonly #open = new Map<string, number>()

  constructor(limits: ConnectionLimits = CONNECTION_LIMITS) {
    this.#limits = limits
  }

  watch(server: Server): void {
    // First of all listeners: what is one too many costs nothing more.
    server.prependListener('connection', (socket: Socket) => this.#count(socket))
  }

  #count(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const { perAddress, perNetwork } = this.#limits
    const keys = [`address ${address}`, `network ${networkOf(address)}`] as const
    const [ofAddress, ofNetwork] = keys.map((key) => (this.#open.get(key) ?? 0) + 1) as [number, number]
    if (ofAddress > perAddress || ofNetwork > perNetwork) {
      socket.destroy()
      return
    }
    this.#open.set(keys[0], ofAddress).set(keys[1], ofNetwork)
    socket.once('close', () => {
      for (const key of keys) {
        const left = (this.#open.get(key) ?? 1) - 1
        if (left === 0) this.#open.delete(key)
        else this.#open.set(key, left)
      }
    })
  }
}
