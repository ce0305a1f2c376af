import { equalBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { PackId } from '@holt/store/pack-keeper.ts'
import type { Friend } from '../fragments/fragments-giver.ts'
import type { Links } from '../links.ts'
import type { Guests } from '../rpc/guests.ts'
import { serve } from '../rpc/responder.ts'
import type { NewestContent } from './newest-content.ts'
import { NewestGiver } from './newest-giver.ts'
import { NewestHolder } from './newest-holder.ts'
import { newestProtocol } from './newest-protocol.ts'
import { readReplaced, type ReplacedNode, writeReplaced } from './replaced-nodes.ts'

export interface FriendNewestOptions {
  links: Links
  /** The data folder, for `replaced-nodes`. */
  disk: Disk
  /** Where copies of friends are kept, in `newest/`. */
  heldDisk: Disk
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  sealKey: Uint8Array
  guests: Guests
  /** Whose node it is. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf: (peer: Principal) => Principal
  roomBytes: (owner: Principal) => number
  friends: () => Friend[]
  isGiven: (pack: PackId) => boolean
  isAllGiven: () => boolean
  settle: () => Promise<void>
  others: () => Omit<NewestContent, 'heads'>
  warn: (text: string) => void
  onFault: (method: string, error: HoltError) => void
}

/** The newest state of friends' nodes here, and of this node at friends. */
export class FriendNewest {
  readonly giver: NewestGiver
  readonly #holder: NewestHolder
  readonly #stopServing: () => void
  readonly #disk: Disk
  #replaced: readonly ReplacedNode[]

  private constructor(options: FriendNewestOptions, { holder, replaced }: { holder: NewestHolder; replaced: readonly ReplacedNode[] }) {
    const { links, clock, guests, onFault, disk } = options
    this.#holder = holder
    this.#disk = disk
    this.#replaced = replaced
    this.giver = new NewestGiver(options)
    this.giver.replace(replaced)
    holder.start()
    this.#stopServing = serve(links, newestProtocol, holder.handlers(), { clock, guests, onFault })
  }

  static async open(options: FriendNewestOptions): Promise<FriendNewest> {
    const holder = await NewestHolder.open({ ...options, disk: options.heldDisk })
    return new FriendNewest(options, { holder, replaced: await readReplaced(options.disk) })
  }

  heldBytes(owner: Principal): number {
    return this.#holder.heldBytes(owner)
  }

  /** What other nodes of the owner had is taken over by this one, and they are gone. Durable when it resolves. */
  async replace(nodes: readonly ReplacedNode[]): Promise<void> {
    const others = this.#replaced.filter(({ node }) => !nodes.some((one) => equalBytes(one.node, node)))
    const replaced = [...others, ...nodes]
    await writeReplaced(this.#disk, replaced)
    this.#replaced = replaced
    this.giver.replace(replaced)
  }

  async stop(): Promise<void> {
    this.#stopServing()
    this.#holder.stop()
    await this.giver.stop()
  }
}
