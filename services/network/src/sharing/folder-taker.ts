import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { encode } from '@holt/core/codec.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { volumeId } from '@holt/core/root-key.ts'
import { nowSeconds } from '@holt/store/fragments/clock.ts'
import { headCid, parseHead } from '@holt/tree/caps/head.ts'
import { openReadcap } from '@holt/tree/caps/sealed-readcap.ts'
import { type OpenedVersion, makeSharedVersion, type SharedVersion } from '@holt/tree/shared/shared-version.ts'
import type { DirectoryEntry } from '@holt/tree/types.ts'
import { EPOCH_ROOM } from './folder-giver.ts'
import type { Chain, TakenFolder } from './folder-record.ts'
import { HeldRights } from './held-rights.ts'
import { mountPath } from './mount-path.ts'
import { offeredTree } from './offered-tree.ts'
import { lastOf } from './requests.ts'
import { durableFolder, isSameFolder, type SharingContext, timeOf } from './sharing-context.ts'
import type { ToldFolder } from './sharing-protocol.ts'
import { openTaken, takeVersion } from './take-version.ts'

/** A folder that a friend would share, and was not answered. */
export interface OfferedFolder {
  id: string
  owner: Principal
  salt: Uint8Array
  label: string
}

/** How it stands with a folder of a friend, as far as it is known now. */
export interface TakenStatus {
  /** What was changed here and the owner has not: it waits, or stays here only. */
  unsent: boolean
  /** A code: why the last attempt came to nothing. */
  problem: string | null
  /** Open and refused requests to write. */
  requests: ToldFolder['requests']
}

/** The friend's side: brings here what the owner says is the newest, and offers what was changed here. */
export class FolderTaker {
  readonly rights: HeldRights
  readonly #context: SharingContext
  readonly #status = new Map<string, TakenStatus>()
  readonly #offered = new Map<string, OfferedFolder>()

  constructor(context: SharingContext) {
    this.#context = context
    this.rights = new HeldRights(context)
  }

  offered(): OfferedFolder[] {
    return [...this.#offered.values()].filter(({ id }) => {
      const known = this.#context.shelf.get(id)
      return known === null || (known.kind === 'taken-folder' && known.state === 'ended')
    })
  }

  status(id: string): TakenStatus {
    const known = this.#status.get(id) ?? { unsent: false, problem: null, requests: [] }
    this.#status.set(id, known)
    return known
  }

  /** @throws HoltError NOT_FOUND */
  get(id: string): TakenFolder {
    const folder = this.#context.shelf.get(id)
    if (folder?.kind !== 'taken-folder') throw new HoltError('NOT_FOUND', 'there is no such folder of a friend')
    return folder
  }

  /** What the owner said, by one of its nodes. Never throws for one folder what must not keep the others. */
  async hear({ owner, node }: { owner: Principal; node: Principal }, folders: readonly ToldFolder[]): Promise<void> {
    for (const told of folders) {
      const id = toHex(told.volume)
      await this.#context.turns
        .run(id, () => this.#hear({ owner, node }, told))
        .then(
          (isNew) => (this.status(id).problem = isNew ? null : this.status(id).problem),
          (error: unknown) => this.#failed(id, error),
        )
    }
  }

  #failed(id: string, error: unknown): void {
    const { code, message } = toHoltError(error)
    if (!isHoltError(error)) this.#context.warn(`a shared folder: ${message}`)
    this.status(id).problem = code
  }

  async #hear(from: { owner: Principal; node: Principal }, { volume, cap, seq, chains, requests }: ToldFolder): Promise<boolean> {
    const { crypto, keys, clock, shelf } = this.#context
    const id = toHex(volume)
    const known = shelf.get(id)
    if (known !== null && (known.kind === 'given-folder' || !equalBytes(known.owner, from.owner))) return false
    // another node of this owner looks after it
    if (known?.state === 'taken' && !equalBytes(known.home, keys.node.publicKey)) return false
    if (cap === null) {
      this.#offered.delete(id)
      if (known?.kind === 'taken-folder' && known.state === 'taken') await this.#keep({ ...known, state: 'ended', chains: [] })
      return true
    }
    const readcap = await openReadcap(crypto, cap.slice(), { seed: keys.owner.seed, nowSeconds: nowSeconds(clock) })
    const isOfOwner = [readcap.owner, readcap.issuer].every((one) => equalBytes(one, from.owner))
    if (!isOfOwner || !equalBytes(volumeId(from.owner, readcap.salt), volume) || readcap.target.t !== 'volume')
      throw new HoltError('NOT_AUTHORIZED', 'a readcap of something else than what is shared')
    if (known === null || known.state !== 'taken') {
      if (known?.state !== 'declined' && this.#offered.size < MOST_OFFERED)
        this.#offered.set(id, { id, owner: from.owner, salt: readcap.salt, label: readcap.label })
      return true
    }
    this.status(id).requests = requests
    const told = { ...known, state: 'taken' as const, label: readcap.label, keys: readcap.target.k.map((key) => key.slice()) }
    return this.#follow(told, { from, seq, chains })
  }

  /** @returns whether all that is new is here. */
  async #follow(
    told: TakenFolder,
    { from, seq, chains }: { from: { owner: Principal; node: Principal }; seq: number; chains: ToldFolder['chains'] },
  ): Promise<boolean> {
    const { shelf, callerOf } = this.#context
    const { id: volume } = shelf.nameOf(told)
    const known = told.version === null ? 0 : parseHead(told.version.head).seq
    if (seq < known) throw new HoltError('ROLLED_BACK', 'the owner says less than it said before')
    let folder = told
    if (seq > known) {
      const { version } = await callerOf(from.node).call('version', { volume, seq: known }, { withinMs: VERSION_MS })
      if (version !== null) folder = await this.#take(told, { node: from.node, version })
    }
    folder = this.rights.withChains(folder, chains)
    if (!isSameRecord(folder, this.get(shelf.idOf(folder)))) await this.#keep(folder)
    await this.#push(folder, from.node)
    return true
  }

  async #keep(folder: TakenFolder): Promise<void> {
    const { volume, shelf } = this.#context
    await volume.edit((edit) => shelf.put(edit, folder), { free: true })
    shelf.keep(folder)
  }

  #take(folder: TakenFolder, { node, version }: { node: Principal; version: SharedVersion }): Promise<TakenFolder> {
    // who may write comes after what the owner has
    const wins = this.rights.writable(folder).length > 0 ? 'ours' : 'theirs'
    return takeVersion(this.#context, folder, { node, version, wins })
  }

  /** What was changed here is offered to the owner, as far as it may be changed. */
  push(id: string, nodes: readonly Principal[]): Promise<void> {
    return this.#context.turns.run(id, async () => {
      for (const node of nodes) {
        const folder = this.#context.shelf.get(id)
        if (folder?.kind !== 'taken-folder' || folder.state !== 'taken') return
        await this.#push(folder, node).catch((error: unknown) => this.#failed(id, error))
        if (this.status(id).problem === null) return
      }
    })
  }

  async #push(known: TakenFolder, node: Principal): Promise<void> {
    const id = this.#context.shelf.idOf(known)
    let folder = known
    let here = await this.#differs(folder)
    this.status(id).unsent = here !== null
    for (const chain of here === null ? [] : this.rights.holding(folder)) {
      const before = await (openTaken(this.#context, folder) as Promise<OpenedVersion>)
      const dir = await offeredTree(this.#context, folder, {
        base: before.dir,
        path: lastOf(chain).path,
        here: here as DirectoryEntry,
      })
      if (isSameFolder(dir, before.dir)) continue
      folder = await this.#offer(folder, { node, chain, before, dir })
      here = await this.#differs(folder)
      if (here === null) break
    }
    Object.assign(this.status(id), { unsent: here !== null, ...(here === null ? { problem: null } : {}) })
  }

  /** The folder as it is here, when it is not as the owner has it. */
  async #differs(folder: TakenFolder): Promise<DirectoryEntry | null> {
    const [newest, here] = [await openTaken(this.#context, folder), await durableFolder(this.#context, folder.path)]
    if (newest === null) return null
    // that it is gone here is nothing to tell the owner
    if (here === null) throw new HoltError('NOT_FOUND', 'the folder is not where it was', { path: folder.path })
    return isSameFolder(newest.dir, here) ? null : here
  }

  async #offer(
    folder: TakenFolder,
    { node, chain, before, dir }: { node: Principal; chain: Chain; before: OpenedVersion; dir: DirectoryEntry },
  ): Promise<TakenFolder> {
    const { crypto, clock, keys, shelf, scopes, callerOf } = this.#context
    const name = shelf.nameOf(folder)
    const signer = { ...keys.owner, chain }
    const { seq, revoked } = before.head
    const prev = headCid((folder.version as SharedVersion).head)
    const next = { dir, epoch: before.epoch + EPOCH_ROOM, seq: seq + 1, prev, revoked, time: timeOf(clock) }
    const version = await makeSharedVersion(crypto, { name, keys: folder.keys, signer }, next)
    scopes.remember(toHex(name.id), dir)
    const { version: newest } = await callerOf(node).call('offer', { volume: name.id, version }, { withinMs: OFFER_MS })
    return this.#take(folder, { node, version: copyOf(newest) })
  }

  /** Says yes to what a friend shares. @throws HoltError NOT_FOUND */
  async accept(id: string, nameOf: (owner: Principal) => string): Promise<TakenFolder> {
    const { shelf, keys, volume } = this.#context
    return this.#context.turns.run(id, async () => {
      const known = shelf.get(id)
      const offer = this.#offered.get(id)
      if (known?.kind === 'taken-folder' && known.state === 'taken') return known
      if (offer === undefined && known?.kind !== 'taken-folder') throw new HoltError('NOT_FOUND', 'nobody shares that')
      const { owner, salt, label } = (known?.kind === 'taken-folder' ? known : offer) as OfferedFolder
      const path = await mountPath(volume.current(), { person: nameOf(owner), label, taken: shelf.taken().map(([, one]) => one.path) })
      const folder: TakenFolder = {
        kind: 'taken-folder',
        owner,
        salt,
        label,
        path,
        home: keys.node.publicKey,
        keys: [new Uint8Array(32)],
        state: 'taken',
        chains: [],
        lost: null,
        version: null,
      }
      await this.#keep(folder)
      return folder
    })
  }

  decline(id: string): Promise<void> {
    return this.#context.turns.run(id, async () => {
      const offer = this.#offered.get(id)
      if (offer === undefined) throw new HoltError('NOT_FOUND', 'nobody shares that')
      const { owner, salt, label } = offer
      const rest = { path: '/', home: this.#context.keys.node.publicKey, keys: [new Uint8Array(32)], chains: [], lost: null, version: null }
      await this.#keep({ kind: 'taken-folder', owner, salt, label, state: 'declined', ...rest })
    })
  }

  /** What is here stays, as a folder like any other. */
  leave(id: string): Promise<void> {
    return this.#context.turns.run(id, async () => {
      this.get(id)
      const { volume, shelf, scopes } = this.#context
      await volume.edit((edit) => shelf.remove(edit, id), { free: true })
      shelf.forget(id)
      scopes.forget(id)
      this.#offered.delete(id)
      this.#status.delete(id)
    })
  }

  /** Which blocks the owner may fetch of what is changed here. @throws HoltError NOT_FOUND */
  async openScope(id: string, owner: Principal): Promise<void> {
    const folder = this.get(id)
    if (!equalBytes(folder.owner, owner) || this.rights.holding(folder).length === 0)
      throw new HoltError('NOT_FOUND', 'no such folder is shared')
    if (this.#context.scopes.knows(id)) return
    const here = await durableFolder(this.#context, folder.path)
    if (here !== null) this.#context.scopes.remember(id, here)
  }
}

const VERSION_MS = 60_000
/** The owner fetches all of it meanwhile. What it got stays there when it takes longer. */
const OFFER_MS = 10 * 60_000
const MOST_OFFERED = 256

function isSameRecord(a: TakenFolder, b: TakenFolder): boolean {
  return equalBytes(encode(a), encode(b))
}

function copyOf({ head, root }: SharedVersion): SharedVersion {
  return { head: head.slice(), root: root.slice() }
}
