import { seededRandom } from '@holt/core/decoder-cases.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { bytes, bytesOf, record, uint } from '@holt/core/shape.ts'
import { Guests } from '../rpc/guests.ts'
import { defineProtocol } from '../rpc/protocol.ts'
import { type Handlers, serve } from '../rpc/responder.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedNetwork } from './simulated-network.ts'

/** A protocol for tests: answers carry what was asked, so that a mix-up is seen. */
export const echoProtocol = defineProtocol({
  id: '/holt/echo/1',
  methods: {
    echo: {
      request: record({ number: uint(), waitMs: uint(), pad: bytes({ max: 8192 }) }),
      answer: record({ number: uint(), pad: bytes({ max: 8192 }) }),
    },
    fail: { request: record({ number: uint() }), answer: bytesOf(0) },
  },
  maxFrameBytes: 16_384,
  maxOpenRequests: 8,
})

/** Clock, links and randomness that follow from one seed. */
export class SimulatedWorld {
  readonly seed: number
  readonly random: () => number
  readonly clock: SimulatedClock
  readonly network: SimulatedNetwork
  /** What was done, in order: the same for the same seed. */
  readonly history: string[] = []

  constructor(
    seed: number,
    { turns, ...options }: { latencyMs?: readonly [number, number]; windowBytes?: number; wholePieces?: number; turns?: number } = {},
  ) {
    this.seed = seed
    this.clock = new SimulatedClock(turns === undefined ? {} : { turns })
    this.random = seededRandom(seed)
    this.network = new SimulatedNetwork({ clock: this.clock, random: this.random, ...options })
  }

  /** 0 … limit − 1 */
  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  principal(): Principal {
    return Uint8Array.from({ length: 32 }, () => this.below(256))
  }

  note(what: string): void {
    this.history.push(`${this.clock.nowMs()} ${what}`)
  }

  /** What a promise came to: its value, or the code of its error; others are thrown. */
  async outcome<T>(work: Promise<T>): Promise<T | string> {
    return work.catch((error: unknown) => {
      if (isHoltError(error)) return error.code
      throw error
    })
  }

  /** A node that echoes, and what it did. */
  echoNode(handlers: Partial<Handlers<typeof echoProtocol.methods>> = {}) {
    const links = this.network.node(this.principal())
    const guests = new Guests(this.clock, { kindOf: () => 'paired' })
    const handled: number[] = []
    const stop = serve(
      links,
      echoProtocol,
      {
        echo: async (_peer, { number, waitMs, pad }, { signal }) => {
          handled.push(number)
          await this.sleep(waitMs, signal)
          return { number, pad }
        },
        fail: () => {
          throw new Error('a secret of the node')
        },
        ...handlers,
      },
      { clock: this.clock, guests },
    )
    return { links, guests, handled, stop }
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const callOff = this.clock.after(ms, resolve)
      signal.addEventListener('abort', () => {
        callOff()
        reject(signal.reason as Error)
      })
    })
  }
}

/** Runs one seed after the other. @throws Error that names the seed, and the command that runs it again. */
export async function eachSeed(
  file: string,
  count: number,
  run: (seed: number) => Promise<void>,
  only = process.env['HOLT_SEED'] ?? '',
): Promise<void> {
  const seeds = only === '' ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)]
  for (const seed of seeds) {
    try {
      await run(seed)
    } catch (cause) {
      const again = `HOLT_SEED=${seed} node --import tsx --test ${file}`
      throw new Error(`seed ${seed}: ${String(cause)}\nagain: ${again}`, { cause })
    }
  }
}
