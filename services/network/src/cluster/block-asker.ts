import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { type Cid, cidCodec, cidOf } from '@holt/core/cid.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { BlockSource } from '@holt/store/missing-blocks.ts'
import { deferred } from '../deferred.ts'
import type { Caller } from '../rpc/caller.ts'
import { type ClusterMethods, MOST_ASKED } from './cluster-protocol.ts'

export type AskNode = Caller<ClusterMethods>

export interface BlockAskerOptions {
  /** The other nodes of the owner, those first that probably have what is asked for. */
  nodes(): Principal[]
  callerOf(node: Principal): AsksBlocks
}

/** A way to one node. */
export interface AsksBlocks {
  call(
    name: 'blocks',
    request: { cids: Cid[] },
    options: { withinMs: number },
  ): Promise<{ blocks: readonly ({ sealed: Uint8Array; class: string } | null)[] }>
}

interface Block {
  sealed: Uint8Array
  redundancyClass: string
}

interface Asked {
  cid: Cid
  answer: ReturnType<typeof deferred<Block | null>>
}

const ASK_MS = 30_000
const MOST_CALLS = 4

/** Asks the owner's other nodes for blocks, many with one request. */
export class BlockAsker implements BlockSource {
  readonly #options: BlockAskerOptions
  readonly #queues = new Map<string, NodeQueue>()

  constructor(options: BlockAskerOptions) {
    this.#options = options
  }

  async get(cid: Cid, { signal }: { signal?: AbortSignal } = {}): Promise<Block | null> {
    for (const node of this.#options.nodes()) {
      if (signal?.aborted) throw new HoltError('CANCELLED', 'the read was cancelled')
      const found = await this.#queueOf(node)
        .ask(cid)
        .catch((error: unknown) => {
          if (isHoltError(error)) return null
          throw error
        })
      // who sends something else has not got it
      if (found !== null && equalBytes(cidOf(found.sealed, cidCodec(cid)), cid)) return found
    }
    return null
  }

  #queueOf(node: Principal): NodeQueue {
    const known = this.#queues.get(toHex(node))
    if (known) return known
    const queue = new NodeQueue(() => this.#options.callerOf(node))
    this.#queues.set(toHex(node), queue)
    return queue
  }
}

/** What one node is to be asked for: what comes while others are asked for goes with the next request. */
class NodeQueue {
  readonly #caller: () => AsksBlocks
  #waiting: Asked[] = []
  #calls = 0

  constructor(caller: () => AsksBlocks) {
    this.#caller = caller
  }

  ask(cid: Cid): Promise<Block | null> {
    const answer = deferred<Block | null>()
    this.#waiting.push({ cid, answer })
    void Promise.resolve().then(() => this.#next())
    return answer.promise
  }

  #next(): void {
    if (this.#waiting.length === 0 || this.#calls >= MOST_CALLS) return
    const asked = this.#waiting.splice(0, MOST_ASKED)
    this.#calls++
    void this.#call(asked).finally(() => {
      this.#calls--
      this.#next()
    })
  }

  /** Never throws: who asked is told. */
  async #call(asked: Asked[]): Promise<void> {
    try {
      const { blocks } = await this.#caller().call('blocks', { cids: asked.map(({ cid }) => cid) }, { withinMs: ASK_MS })
      if (blocks.length === 0 || blocks.length > asked.length) throw new HoltError('MALFORMED', 'blocks that were not asked for')
      for (const [i, block] of blocks.entries())
        asked[i]?.answer.resolve(block === null ? null : { sealed: block.sealed.slice(), redundancyClass: block.class })
      this.#waiting.unshift(...asked.slice(blocks.length))
    } catch (error) {
      for (const { answer } of asked) answer.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
