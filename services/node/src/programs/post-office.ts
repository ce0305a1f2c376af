import { equalBytes, toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Correspondent } from '@holt/kernel/outbox.ts'
import type { Message } from '@holt/network/messages/messages-protocol.ts'
import { openNodeKey } from '@holt/network/node-key.ts'
import type { PeerNetwork } from '@holt/network/peers/peer-network.ts'
import type { Contact } from './messages-power.ts'

/** Who takes messages: a program that runs here. */
export interface Recipient {
  hear(from: Correspondent, message: Message): Promise<void>
  /** An owner's node is there again. */
  met(owner: Uint8Array): void
}

export interface PostOfficeOptions {
  data: Disk
  crypto: Crypto
  /** Whose node this is. */
  owner: Uint8Array
  recipient(program: string): Recipient | null
  recipients(): Recipient[]
}

/** Between the programs of this node, and those of others as far as the node is among them. */
export class PostOffice {
  readonly owner: Uint8Array
  readonly #options: PostOfficeOptions
  #network: PeerNetwork | null = null
  #node: Promise<Uint8Array> | null = null

  constructor(options: PostOfficeOptions) {
    this.owner = options.owner
    this.#options = options
  }

  /** This node's own principal. */
  node(): Promise<Uint8Array> {
    const { data, crypto } = this.#options
    this.#node ??= openNodeKey(data, crypto).then((seed) => crypto.ed25519PublicKey(seed))
    return this.#node
  }

  connect(network: PeerNetwork): void {
    this.#network = network
    const onMet = (owner: Uint8Array): void => {
      for (const recipient of this.#options.recipients()) recipient.met(owner)
    }
    network.carryMessages({ take: (owner, message) => this.#take(owner, message) }, onMet)
  }

  disconnect(): void {
    this.#network = null
  }

  /** Owners with whom this one is friends; their names as they called themselves. */
  contacts(): Contact[] {
    const known = new Map<string, Contact>()
    for (const { relation, host, guest } of this.#network?.relations.list() ?? []) {
      const other = equalBytes(host.owner, this.owner) ? guest : host
      if (relation === 'friend' && !equalBytes(other.owner, this.owner)) known.set(toHex(other.owner), other)
    }
    return [...known.values()].map(({ owner, name }) => ({ owner, name }))
  }

  /** @throws HoltError as `Messages.send`. */
  async send(to: Correspondent, message: Message): Promise<void> {
    const isOwn = equalBytes(to.owner, this.owner)
    if (isOwn && this.#options.recipient(toHex(to.program)) !== null) return this.#take(this.owner, message)
    const messages = this.#network?.messages
    if (!messages) throw new HoltError('PEER_UNREACHABLE', 'this node is not among others now')
    await messages.send(to.owner, message)
  }

  async #take(owner: Uint8Array, message: Message): Promise<void> {
    const recipient = this.#options.recipient(toHex(message.to))
    if (recipient === null) throw new HoltError('NOT_FOUND', 'the program does not run here')
    await recipient.hear({ owner, program: message.from }, message)
  }
}
