import type { Cid } from '@holt/core/cid.ts'
import { headCid, parseHead, signHead } from './caps/head.ts'
import { growHistory, type WriteHistory } from './history.ts'
import type { NodeReader } from './node-reader.ts'
import { decodeRoot, encodeRoot } from './nodes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { keyOf, type SealingKey, sealedKeyNumber } from './sealed-block.ts'
import { TreeSealer } from './tree-sealer.ts'
import type { DirectoryEntry, Time } from './types.ts'
import type { VolumeOptions } from './volume-options.ts'

/** The state of a volume that edits make. */
export interface VolumeTree {
  readonly top: DirectoryEntry
  /** How often readers were revoked. */
  readonly epoch: number
  /** Which key of the volume seals its root node. */
  readonly topKey: number
}

/** A version that is durable. */
export interface Version extends VolumeTree {
  readonly sequence: number
  readonly time: Time
  readonly root: Cid
  readonly history: Cid | null
  readonly head: Uint8Array
  readonly revoked: Uint8Array[]
}

/** Opens the version that a head names. @throws HoltError of the head, the store and the decoders. */
export async function openVersion(reader: NodeReader, keys: VolumeOptions['keys'], head: Uint8Array): Promise<Version> {
  const { seq, root, revoked } = parseHead(head)
  const topKey = sealedKeyNumber(await reader.store.get(root))
  const { dir, epoch, history, time } = await reader.read(root, keys, decodeRoot)
  return { top: dir, epoch, topKey, sequence: seq, time, root, history, head, revoked }
}

export interface CommitOptions {
  /** The version before, or null. */
  before: Version | null
  sequence: number
  time: Time
  /** Instead of the history before and the version before. */
  rewriteHistory?: (write: WriteHistory) => Promise<Cid | null>
  /** Instead of those of the version before. */
  revoked?: Uint8Array[]
  /** Called with the head before the store is asked to make it durable. */
  keep?: (head: Uint8Array) => Promise<void>
}

/** Makes trees durable: seals what is in memory, writes the root node, signs the head, waits for the store. */
export class Committer {
  readonly #reader: NodeReader
  readonly #options: VolumeOptions

  constructor(reader: NodeReader, options: VolumeOptions) {
    this.#reader = reader
    this.#options = options
  }

  /**
   * @param committing is called right before the store is asked to make the head durable: from then on its sequence
   * number is used up, whatever comes.
   * @throws HoltError of the store.
   */
  async commit(
    tree: VolumeTree,
    { before, sequence, time, rewriteHistory, revoked: wanted, keep }: CommitOptions,
    committing: () => void,
  ): Promise<Version> {
    const sealer = new TreeSealer(this.#reader)
    const key = this.checkTopKey(tree.topKey)
    const write = (content: Uint8Array) => sealer.write(key, content)
    const top = await sealer.sealDirectory(tree.top)
    const history = await (rewriteHistory ?? ((write) => this.#grownHistory(before, write)))(write)
    const root = await write(encodeRoot({ dir: top, history, epoch: tree.epoch, time }))
    await sealer.flush()
    const revoked = wanted ?? before?.revoked ?? []
    const head = this.#sign({ seq: sequence, root, prev: before === null ? null : headCid(before.head), revoked, time })
    await keep?.(head)
    committing()
    await this.#options.store.commit([head])
    return { top, epoch: tree.epoch, topKey: tree.topKey, sequence, time, root, history, head, revoked }
  }

  /** Makes a version that another node of the same owner made the newest here, as it is. */
  async adopt(version: Version, keep: CommitOptions['keep'], committing: () => void): Promise<void> {
    await keep?.(version.head)
    committing()
    await this.#options.store.commit([version.head])
  }

  /** @throws HoltError NOT_AUTHORIZED when that key is not held. */
  checkTopKey(topKey: number): SealingKey {
    const key = keyOf(this.#options.keys, topKey)
    if (key === null) throw new HoltError('NOT_AUTHORIZED', `key number ${topKey} of the volume is not at hand`, { keyNumber: topKey })
    return { number: topKey, key }
  }

  async #grownHistory(before: Version | null, write: WriteHistory): Promise<Cid | null> {
    return before === null ? null : growHistory({ reader: this.#reader, keys: this.#options.keys, write }, before.history, [before])
  }

  #sign(head: { seq: number; root: Cid; prev: Cid | null; revoked: Uint8Array[]; time: Time }): Uint8Array {
    const { crypto, id, owner, salt, signer } = this.#options
    return signHead(crypto, signer.seed, { volume: id, owner, salt, writer: signer.publicKey, chain: signer.chain, ...head })
  }
}
