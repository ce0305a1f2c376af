import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { Links } from '../links.ts'
import { Caller } from '../rpc/caller.ts'
import type { Guests } from '../rpc/guests.ts'
import { serve } from '../rpc/responder.ts'
import { type Message, messagesProtocol } from './messages-protocol.ts'

export interface MessagesOptions {
  links: Links
  clock: Clock
  guests: Guests
  /** Whose node it is. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf(peer: Principal): Principal
  /** All nodes of partners, and the owner's others. */
  nodes(): { owner: Principal; node: Principal }[]
  onFault(method: string, error: HoltError): void
  /** Brings it to the program; resolves when what that made of it is kept. @throws HoltError NOT_FOUND when the program does not run here. */
  take(owner: Principal, message: Message): Promise<void>
}

/** What the node hands over. */
export type MessageTaker = Pick<MessagesOptions, 'take'>

/** A program does its work before it is answered. */
const WITHIN_MS = 60_000

/** Messages between programs of partners. A program runs on one of an owner's nodes; on which, only that owner knows. */
export class Messages {
  readonly #options: MessagesOptions
  readonly #callers = new Map<string, Caller<(typeof messagesProtocol)['methods']>>()
  /** The node that took the last message for a program. */
  readonly #last = new Map<string, string>()
  readonly #stopServing: () => void
  readonly #ending = new AbortController()

  constructor(options: MessagesOptions) {
    this.#options = options
    const { links, clock, guests, onFault, ownerOf, take } = options
    const deliver = async (peer: Principal, message: Message): Promise<object> => {
      await take(ownerOf(peer), message)
      return {}
    }
    this.#stopServing = serve(links, messagesProtocol, { deliver }, { clock, guests, onFault })
  }

  /**
   * Brings a message to the node of that owner on which the program runs.
   *
   * @throws HoltError NOT_FOUND when all nodes were asked and on none it runs; what the node said where it does; PEER_UNREACHABLE, TIMED_OUT.
   */
  async send(owner: Principal, message: Message): Promise<void> {
    const place = `${toHex(owner)}/${toHex(message.to)}`
    const nodes = this.#options.nodes().filter((one) => equalBytes(one.owner, owner))
    const last = this.#last.get(place)
    nodes.sort((a, b) => Number(toHex(b.node) === last) - Number(toHex(a.node) === last))
    const failures: HoltError[] = []
    for (const { node } of nodes) {
      try {
        await this.#callerOf(node).call('deliver', message, { withinMs: WITHIN_MS, signal: this.#ending.signal })
        this.#last.set(place, toHex(node))
        return
      } catch (error) {
        if (this.#ending.signal.aborted) throw error
        failures.push(toHoltError(error))
      }
    }
    throw failures.sort((a, b) => weightOf(b) - weightOf(a))[0] ?? new HoltError('PEER_UNREACHABLE', 'no node of this owner is known')
  }

  stop(): void {
    this.#ending.abort()
    this.#stopServing()
    for (const caller of this.#callers.values()) caller.close()
    this.#callers.clear()
  }

  #callerOf(node: Principal): Caller<(typeof messagesProtocol)['methods']> {
    const key = toHex(node)
    const known = this.#callers.get(key) ?? new Caller(this.#options.links, node, messagesProtocol, { clock: this.#options.clock })
    this.#callers.set(key, known)
    return known
  }
}

/** What a node says on which the program runs counts more than what others say; one that is away may be that one. */
function weightOf({ code }: HoltError): number {
  if (code === 'NOT_FOUND') return 0
  return code === 'PEER_UNREACHABLE' || code === 'TIMED_OUT' ? 1 : 2
}
