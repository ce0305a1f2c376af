import { equalBytes } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import { unsealedContentOf } from '@holt/tree/directory-node.ts'
import type { MergeConflict } from '@holt/tree/merge/merge-directories.ts'
import { NodeReader } from '@holt/tree/node-reader.ts'
import type { ShareScopes } from '@holt/tree/share-scopes.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import type { DirectoryEntry, Snapshot, Time, TreeEntry } from '@holt/tree/types.ts'
import { BlockAsker } from '../cluster/block-asker.ts'
import { InTurn } from '../in-turn.ts'
import type { Caller } from '../rpc/caller.ts'
import { FriendBlocks, type OwnBlocks } from './friend-blocks.ts'
import type { Shelf } from './shelf.ts'
import type { SharingMethods } from './sharing-protocol.ts'

/** The owner's tree, its hidden place included. */
export type SharingVolume = Pick<TreeVolume, 'edit' | 'current' | 'at' | 'versions' | 'watch' | 'limits'>
export type AskFriend = Caller<SharingMethods>

/** What both sides of sharing stand on. */
export interface SharingContext {
  crypto: Crypto
  clock: Clock
  keys: { owner: KeyPair; node: KeyPair }
  volume: SharingVolume
  blocks: OwnBlocks
  shelf: Shelf
  /** What others may fetch of this node. */
  scopes: ShareScopes
  /** Of one folder one thing is done after the other. */
  turns: FolderTurns
  signal: AbortSignal
  callerOf(node: Principal): AskFriend
  /** Nodes of friends, as they are known now. */
  friends(): { owner: Principal; node: Principal }[]
  onConflicts(conflicts: readonly MergeConflict[]): void
  warn(text: string): void
}

export class FolderTurns {
  readonly #turns = new Map<string, InTurn>()

  run<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(id) ?? new InTurn()
    this.#turns.set(id, turns)
    return turns.run(work)
  }
}

export function timeOf(clock: Clock): Time {
  const ms = Math.floor(clock.nowMs())
  return [Math.floor(ms / 1000), (ms % 1000) * 1_000_000]
}

/** A folder in the newest version that is durable: it is sealed. @returns null when it is not there. */
export async function durableFolder({ volume }: SharingContext, path: string): Promise<DirectoryEntry | null> {
  const snapshot = await durable(volume)
  const entry = await snapshot?.stat(path).catch(() => null)
  return entry?.t === 'd' ? entry : null
}

async function durable(volume: SharingVolume): Promise<Snapshot | null> {
  for await (const newest of volume.versions()) return volume.at(newest)
  return null
}

/** Also in what is not its contents, but for the time, which says only that something in it changed. */
export function isSameFolder(a: DirectoryEntry, b: DirectoryEntry): boolean {
  const whole = (entry: TreeEntry): Uint8Array => encode({ ...entry, mt: [0, 0] })
  return unsealedContentOf(a) === null && unsealedContentOf(b) === null && equalBytes(whole(a), whole(b))
}

export function readerOf({ crypto, blocks }: SharingContext, store = blocks.store): NodeReader {
  return new NodeReader({ store, crypto })
}

/** What one node of a friend has of a folder, and this node has or gets. */
export function blocksOf(context: SharingContext, volume: Uint8Array, node: Principal): FriendBlocks {
  const { callerOf, blocks, signal } = context
  const asker = new BlockAsker({
    nodes: () => [node],
    callerOf: () => ({ call: (name, { cids }, options) => callerOf(node).call(name, { volume, cids }, options) }),
  })
  return new FriendBlocks(blocks, asker, signal)
}

export function includes(list: readonly Uint8Array[], one: Uint8Array): boolean {
  return list.some((other) => equalBytes(other, one))
}
