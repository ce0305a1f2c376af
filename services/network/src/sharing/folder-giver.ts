import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { nowSeconds } from '@holt/store/fragments/clock.ts'
import { acceptHead } from '@holt/tree/caps/accept-head.ts'
import { headCid, parseHead } from '@holt/tree/caps/head.ts'
import { verifyChange } from '@holt/tree/caps/verify-change.ts'
import { mergeFolder } from '@holt/tree/merge/merge-folder.ts'
import { readDirectory } from '@holt/tree/read-tree.ts'
import { type OpenedVersion, makeSharedVersion, openSharedVersion, type SharedVersion } from '@holt/tree/shared/shared-version.ts'
import type { DirectoryEntry } from '@holt/tree/types.ts'
import { bringFolder } from './bring-folder.ts'
import type { GivenFolder } from './folder-record.ts'
import type { FriendBlocks } from './friend-blocks.ts'
import { blocksOf, durableFolder, includes, isSameFolder, readerOf, type SharingContext, timeOf } from './sharing-context.ts'

/** So much later than the folder's own may keys be that a writer brings along from elsewhere. */
export const EPOCH_ROOM = 1000
const LAST_EPOCH = 2 ** 50

/** The owner's side: says which version of a folder is the newest, and takes in what writers made. */
export class FolderGiver {
  readonly #context: SharingContext
  /** Readers of a folder should ask. */
  readonly #onNews: (readers: readonly Principal[]) => void
  /** Friends of whom a version is looked at. */
  readonly #busy = new Set<string>()

  constructor(context: SharingContext, onNews: (readers: readonly Principal[]) => void) {
    this.#context = context
    this.#onNews = onNews
  }

  /** @throws HoltError NOT_FOUND for one that this owner does not give. */
  get(id: string): GivenFolder {
    const folder = this.#context.shelf.get(id)
    if (folder?.kind !== 'given-folder') throw new HoltError('NOT_FOUND', 'no such folder is shared')
    return folder
  }

  /** One that was ended is taken up again: its keys go on. */
  idOfPath(path: string): string | null {
    return this.#context.shelf.given().find(([, folder]) => folder.path === path)?.[0] ?? null
  }

  /** This node looks after it. */
  isHere({ home }: GivenFolder): boolean {
    return equalBytes(home, this.#context.keys.node.publicKey)
  }

  /** @throws HoltError CONFLICT */
  mustBeHere(folder: GivenFolder): void {
    if (!this.isHere(folder)) throw new HoltError('CONFLICT', 'another node of the owner looks after this folder')
  }

  /** What changed in a folder, or in who may do what, becomes its newest version. */
  publish(id: string): Promise<void> {
    return this.#context.turns.run(id, () => this.#publish(id))
  }

  async #publish(id: string): Promise<void> {
    const folder = this.#context.shelf.get(id)
    if (folder?.kind !== 'given-folder' || !this.isHere(folder)) return
    const dir = await durableFolder(this.#context, folder.path)
    if (dir === null) return
    const newest = await this.#open(folder)
    if (newest !== null && isSameFolder(newest.dir, dir) && isOfNow(folder, newest)) return
    const { clock, crypto, volume, shelf } = this.#context
    const found = await bringFolder(readerOf(this.#context), {
      known: newest?.dir ?? null,
      dir,
      mostEpoch: LAST_EPOCH,
      onChunks: async () => {},
    })
    const epoch = Math.max(folder.epoch, found)
    const prev = folder.version === null ? null : headCid(folder.version.head)
    const next = { dir, epoch, seq: this.#next(newest?.head.seq ?? 0), prev, revoked: folder.revoked, time: timeOf(clock) }
    const changed = { ...folder, epoch, version: await makeSharedVersion(crypto, this.#nameOf(folder), next) }
    await volume.edit((edit) => shelf.put(edit, changed, dir), { free: true })
    this.#keep(changed, dir)
  }

  #keep(folder: GivenFolder, dir: DirectoryEntry | null): void {
    const { shelf, scopes } = this.#context
    shelf.keep(folder)
    if (dir !== null) scopes.remember(shelf.idOf(folder), dir)
    this.#onNews(folder.readers.map(({ owner }) => owner))
  }

  /** Higher than all before, also of an owner who lost what was newest. */
  #next(seq: number): number {
    return Math.max(seq + 1, Math.floor(this.#context.clock.nowMs()))
  }

  #nameOf(folder: GivenFolder) {
    const { shelf, keys } = this.#context
    return { name: shelf.nameOf(folder), keys: folder.keys, signer: { ...keys.owner, chain: [] } }
  }

  async #open(folder: GivenFolder): Promise<OpenedVersion | null> {
    return folder.version === null ? null : openSharedVersion(this.#context.crypto, this.#nameOf(folder), folder.version)
  }

  /** Changes what is known of a folder; `rotate`: what is written from then on has new keys. */
  change(id: string, make: (folder: GivenFolder) => GivenFolder, { rotate = false } = {}): Promise<void> {
    return this.#context.turns.run(id, async () => {
      this.mustBeHere(this.get(id))
      if (rotate) await this.#publish(id)
      const folder = this.get(id)
      const { crypto, volume, shelf } = this.#context
      const made = make(folder)
      const changed = rotate ? { ...made, keys: [...made.keys, crypto.randomBytes(32)], epoch: made.epoch + 1 } : made
      await volume.edit(
        async (edit) => {
          const isThere = (await edit.stat(folder.path).catch(() => null))?.t === 'd'
          if (rotate && isThere) await edit.revokeReaders(folder.path, changed.epoch)
          await shelf.put(edit, changed)
        },
        { free: true },
      )
      shelf.keep(changed)
      await this.#publish(id)
      this.#onNews([...folder.readers, ...changed.readers].map(({ owner }) => owner))
    })
  }

  /**
   * Takes what a writer made of the newest version, and says so by a version of the owner's own: only that counts for others.
   *
   * @returns that version.
   * @throws HoltError CONFLICT when the newest version is another; NOT_AUTHORIZED, CAP_EXPIRED, CAP_REVOKED, SIGNATURE_INVALID; of the blocks.
   */
  async take(id: string, from: { owner: Principal; node: Principal }, offered: SharedVersion): Promise<SharedVersion> {
    const key = toHex(from.owner)
    if (this.#busy.has(key)) throw new HoltError('CONFLICT', 'another version of yours is looked at')
    this.#busy.add(key)
    const { id: volume } = this.#nameOf(this.get(id)).name
    const brought = blocksOf(this.#context, volume, from.node)
    try {
      // who is slow to give what it names keeps nobody waiting
      const found = await this.#bring(id, { owner: from.owner, offered, brought })
      return await this.#context.turns.run(id, async () => {
        await this.#publish(id)
        const folder = this.get(id)
        const { before, after, path } = await this.#judged(folder, { owner: from.owner, offered })
        const { crypto } = this.#context
        const read = (dir: DirectoryEntry) => readDirectory({ store: brought.store, crypto }, dir)
        await verifyChange(read(before.dir), read(after.dir), path)
        return this.#accept({ ...folder, epoch: Math.max(folder.epoch, found) }, { before, after, offered })
      })
    } finally {
      brought.end()
      this.#busy.delete(key)
    }
  }

  /** @returns the latest epoch of what is new in it. */
  async #bring(
    id: string,
    { owner, offered, brought }: { owner: Principal; offered: SharedVersion; brought: FriendBlocks },
  ): Promise<number> {
    const folder = this.get(id)
    const { before, after } = await this.#judged(folder, { owner, offered })
    const reader = readerOf(this.#context, brought.store)
    const wanted = { known: before.dir, dir: after.dir, mostEpoch: folder.epoch + EPOCH_ROOM }
    const found = await bringFolder(reader, { ...wanted, onChunks: (cids) => brought.chunks(cids) })
    await brought.rest()
    return found
  }

  /** @returns the newest version, the one on top of it, and the path below which they may differ. @throws HoltError as `take`. */
  async #judged(folder: GivenFolder, { owner, offered }: { owner: Principal; offered: SharedVersion }) {
    this.mustBeHere(folder)
    const before = await this.#open(folder)
    if (before === null) throw new HoltError('CONFLICT', 'there is no version to change yet')
    const path = this.#judge(folder, { before, offered, owner })
    const after = await openSharedVersion(this.#context.crypto, this.#nameOf(folder), offered)
    if (!isOfNow(folder, after)) throw new HoltError('CONFLICT', 'the version is sealed with an older key')
    return { before, after, path }
  }

  /** @returns the path below which it may differ. */
  #judge(
    { readers, revoked }: GivenFolder,
    { before, offered, owner }: { before: OpenedVersion; offered: SharedVersion; owner: Principal },
  ): string {
    const { crypto, clock } = this.#context
    const head = parseHead(offered.head)
    if (!equalBytes(head.writer, owner)) throw new HoltError('NOT_AUTHORIZED', 'who offers a version must have made it')
    if (!readers.some((one) => equalBytes(one.owner, owner)))
      throw new HoltError('NOT_AUTHORIZED', 'this folder is not shared with who changed it')
    if (head.chain.some(({ serial }) => includes(revoked, serial))) throw new HoltError('CAP_REVOKED', 'the owner took the writecap back')
    const path = acceptHead(crypto, before.head, head, { nowSeconds: nowSeconds(clock) })
    if (path === null || head.chain.length === 0) throw new HoltError('CONFLICT', 'this is the version that there is')
    return path
  }

  /** The folder here, what is known of it, and the version that says so change in one commit. */
  async #accept(
    folder: GivenFolder,
    { before, after, offered }: { before: OpenedVersion; after: OpenedVersion; offered: SharedVersion },
  ): Promise<SharedVersion> {
    const { clock, crypto, volume, shelf, onConflicts } = this.#context
    const { dir, head } = after
    const next = {
      dir,
      epoch: folder.epoch,
      seq: this.#next(head.seq),
      prev: headCid(offered.head),
      revoked: folder.revoked,
      time: timeOf(clock),
    }
    const version = await makeSharedVersion(crypto, this.#nameOf(folder), next)
    const changed = { ...folder, version }
    const reader = readerOf(this.#context)
    const conflicts = await volume.edit(
      async (edit) => {
        const found = await mergeFolder(reader, edit, folder.path, { base: before.dir, theirs: dir, wins: 'ours' })
        await shelf.put(edit, changed, dir)
        return found
      },
      { free: true },
    )
    this.#keep(changed, dir)
    if (conflicts.length > 0) onConflicts(conflicts.map((one) => ({ ...one, path: `${folder.path}${one.path}` })))
    return version
  }

  /** The newest version, when it is newer. */
  newer(id: string, reader: Principal, seq: number): SharedVersion | null {
    const { version } = this.#mustRead(id, reader)
    return version !== null && parseHead(version.head).seq > seq ? version : null
  }

  /** Which blocks of it who reads it may have. */
  async openScope(id: string, reader: Principal): Promise<void> {
    const folder = this.#mustRead(id, reader)
    if (this.#context.scopes.knows(id)) return
    const newest = await this.#open(folder)
    if (newest !== null) this.#context.scopes.remember(id, newest.dir)
  }

  #mustRead(id: string, reader: Principal): GivenFolder {
    const folder = this.get(id)
    if (folder.readers.some(({ owner }) => equalBytes(owner, reader))) return folder
    throw new HoltError(includes(folder.gone, reader) ? 'CAP_REVOKED' : 'NOT_FOUND', 'no such folder is shared with you')
  }
}

/** Sealed with the newest key, and takes back all that was taken back. */
function isOfNow({ keys, revoked }: GivenFolder, { head, keyNumber }: OpenedVersion): boolean {
  return keyNumber === keys.length - 1 && revoked.every((serial) => includes(head.revoked, serial))
}
