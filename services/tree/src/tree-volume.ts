import type { LiveBlocks } from '@holt/store/types.ts'
import { HoltError } from '@holt/core/errors.ts'
import { BlockWriter } from './block-writer.ts'
import { ChangeList } from './changes.ts'
import { type CommitOptions, Committer, type Version, type VolumeTree } from './committer.ts'
import { type EditPowers, EditSession } from './edit.ts'
import { KEY_BYTES } from './entry.ts'
import { treeSource } from './grafts.ts'
import { GroupCommit } from './group-commit.ts'
import { writeHistory } from './history.ts'
import { KeptBlocks } from './kept-blocks.ts'
import { LiveWalk } from './live.ts'
import type { Joined, JoinPlan } from './merge/join.ts'
import { listChanges } from './merge/list-changes.ts'
import { prepareJoin } from './merge/prepare-join.ts'
import { isAtOrUnder } from './names.ts'
import type { NodeReader } from './node-reader.ts'
import { decodeRoot } from './nodes.ts'
import { newestKeyNumber } from './sealed-block.ts'
import { TreeSnapshot } from './snapshot.ts'
import { timeOfMs } from './times.ts'
import { TreeSealer } from './tree-sealer.ts'
import type { TreeSource } from './tree-walk.ts'
import { Turns } from './turns.ts'
import type {
  CommitEvent,
  DirectoryEntry,
  FencingToken,
  FileEntry,
  LazyEdit,
  Retention,
  Snapshot,
  Time,
  VersionName,
  Volume,
} from './types.ts'
import { findVersion, keptVersions, listVersions } from './versions.ts'
import type { VolumeOptions } from './volume-options.ts'
import { VolumeState } from './volume-state.ts'
import { WorkingFile } from './working-file.ts'

interface Done<T> {
  result: T
  durable: Promise<void>
}

export interface EditOptions {
  token?: FencingToken | null
  free?: boolean
  lazy?: LazyEdit | null
}

/** What an edit may change besides the tree below the top. */
type VolumeChange<T> = (edit: EditSession, before: VolumeTree) => Promise<{ result: T; keys?: Pick<VolumeTree, 'epoch' | 'topKey'> }>

/** A volume that is edited here: edits one after the other in memory, commits in groups behind them. */
export class TreeVolume implements Volume {
  readonly id: Uint8Array
  /** Asked before each change of a path; what it throws refuses the change. */
  guard: ((path: string, token: FencingToken | null) => void) | null = null
  /** Asked as `guard`, but not for edits that say they are `free` of it: what is another's to change is refused here. */
  limits: ((path: string) => void) | null = null
  readonly #options: VolumeOptions
  readonly #reader: NodeReader
  readonly #source: TreeSource
  readonly #state: VolumeState
  readonly #committer: Committer
  readonly #group: GroupCommit
  readonly #edits = new Turns()
  /** Two at once would seal the same nodes twice. */
  readonly #sealing = new Turns()
  readonly #watchers = new Set<(event: CommitEvent) => void>()
  #isClosed = false

  constructor(reader: NodeReader, options: VolumeOptions, version: Version | null) {
    this.id = options.id
    this.#options = options
    this.#reader = reader
    this.#source = treeSource(reader, options.resolveVolume)
    this.#state = new VolumeState(version ?? emptyTree(options, this.#now()), version, version?.time ?? this.#now())
    this.#committer = new Committer(reader, options)
    this.#group = new GroupCommit({
      ...(options.gatherMs === undefined ? {} : { gatherMs: options.gatherMs }),
      isMoreComing: () => this.#edits.isBusy,
      commit: (tree) => this.#commit(tree),
      committed: (tree, version, changes) => this.#becomeDurable(tree, version, changes),
      failed: (failure) => this.#state.takeBack(failure),
    })
  }

  current(): Snapshot {
    const { tree, treeSequence, treeTime } = this.#state
    return this.#snapshot(tree.top, treeSequence, treeTime)
  }

  #snapshot(top: DirectoryEntry, sequence: number, time: Time): Snapshot {
    return new TreeSnapshot(top, { source: this.#source, sequence, time, pool: this.#options.pool })
  }

  async at(version: number | Date | VersionName): Promise<Snapshot> {
    const isName = typeof version === 'object' && 'root' in version
    const { sequence, time, root } = isName ? version : await findVersion(this.versions(), version)
    const { dir } = await this.#reader.read(root, this.#options.keys, decodeRoot)
    return this.#snapshot(dir, sequence, time)
  }

  versions(): AsyncIterable<VersionName> {
    return listVersions(this.#reader, this.#options.keys, this.#state.durable)
  }

  /** @param options `token`: of the lease under which the change is made; `free`: `limits` are not asked. */
  edit<T>(change: (edit: EditSession) => Promise<T>, { token = null, free = false, lazy = null }: EditOptions = {}): Promise<T> {
    return this.#change(async (edit) => ({ result: await change(edit) }), { token, free, lazy })
  }

  workingFile(entry: FileEntry, redundancyClass: string): WorkingFile {
    return new WorkingFile({ reader: this.#reader, pool: this.#options.pool, redundancyClass }, entry)
  }

  blockWriter(redundancyClass: string): BlockWriter {
    const { store, crypto } = this.#reader
    return new BlockWriter({ store, crypto, redundancyClass })
  }

  async revokeReaders(path: string): Promise<void> {
    await this.#change(async (edit, before) => {
      const epoch = before.epoch + 1
      await edit.revokeReaders(path, epoch)
      const topKey = path === '/' ? before.topKey + 1 : before.topKey
      this.#committer.checkTopKey(topKey)
      return { result: undefined, keys: { epoch, topKey } }
    })
  }

  async #change<T>(change: VolumeChange<T>, options: Required<EditOptions> = { token: null, free: false, lazy: null }): Promise<T> {
    this.#checkOpen()
    const { result, durable } = await this.#edits.run(() => this.#runEdit(change, options))
    const { lazy } = options
    if (lazy === null) await durable
    else void durable.catch((failure: unknown) => lazy.failed(failure))
    return result
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new HoltError('NODE_STOPPING', 'the volume is closed')
  }

  async #runEdit<T>(change: VolumeChange<T>, { token, free, lazy }: Required<EditOptions>): Promise<Done<T>> {
    await this.#group.room()
    if (this.#reader.slice.isOver) await this.#reader.slice.next()
    const { tree: before, failures } = this.#state
    const blocks = new KeptBlocks(this.#options.store)
    const touched = new Set<string>()
    const powers = this.#editPowers(before, blocks)
    const checkMayWrite = (path: string): void => {
      powers.checkMayWrite(path)
      if (!free) this.limits?.(path)
      this.guard?.(path, token)
      touched.add(path)
    }
    const session = new EditSession(before.top, { ...powers, checkMayWrite })
    try {
      const { result, keys } = await change(session, before)
      await session.end()
      // a lease may have ended while the edit ran
      for (const path of touched) this.guard?.(path, token)
      if (failures !== this.#state.failures) throw this.#state.lastFailure as Error
      const tree = session.top === before.top ? before : { epoch: before.epoch, topKey: before.topKey, ...keys, top: session.top }
      return { result, durable: this.#whenDurable(tree, session, { blocks, isLazy: lazy !== null }) }
    } catch (error) {
      await session.end()
      blocks.release()
      throw error
    }
  }

  #editPowers({ epoch }: VolumeTree, blocks: KeptBlocks): EditPowers {
    return {
      source: this.#source,
      epoch,
      now: () => this.#now(),
      checkMayWrite: (path) => this.#checkMayWrite(path),
      keepBlocks: () => blocks.keep(),
      unload: (top) => this.#sealing.run(() => sealNow(this.#reader, top)),
    }
  }

  #checkMayWrite(path: string): void {
    const writecap = this.#options.signer.chain.at(-1)
    if (writecap === undefined || isAtOrUnder(path, writecap.path)) return
    throw new HoltError('NOT_AUTHORIZED', `${path} is not below ${writecap.path}`, { path })
  }

  #whenDurable(
    tree: VolumeTree,
    { changes, putBytes }: EditSession,
    { blocks, isLazy }: { blocks: KeptBlocks; isLazy: boolean },
  ): Promise<void> {
    if (this.#state.isDurable(tree)) {
      blocks.release()
      return Promise.resolve()
    }
    this.#state.edited(tree, this.#now())
    blocks.keep()
    const durable = this.#group.add({ tree, changes, sizeBytes: putBytes, isLazy }).finally(() => blocks.release())
    // The edit waits for it; this one is for when it fails before that.
    durable.catch(() => {})
    return durable
  }

  async #commit(tree: VolumeTree): Promise<Version> {
    const { durable } = this.#state
    if (durable !== null && this.#state.isDurable(tree)) return durable
    return this.#sealing.run(() => this.#commitNow(tree, { time: this.#now() }))
  }

  async #commitNow(tree: VolumeTree, options: Pick<CommitOptions, 'time' | 'rewriteHistory'>): Promise<Version> {
    const sequence = this.#state.usedSequence + 1
    return this.#committer.commit(tree, { before: this.#state.durable, sequence, ...options }, () => {
      this.#state.usedSequence = sequence
    })
  }

  #becomeDurable(tree: VolumeTree, version: Version, changes: ChangeList): void {
    if (version === this.#state.durable) return
    this.#state.committed(tree, version)
    this.#tellAll({ sequence: version.sequence, changes: changes.list() })
  }

  #tellAll(event: CommitEvent): void {
    tell(this.#options.onEvent, event)
    for (const watcher of this.#watchers) tell(watcher, event)
  }

  watch(listener: (event: CommitEvent) => void): () => void {
    this.#watchers.add(listener)
    return () => void this.#watchers.delete(listener)
  }

  async prune(retention: Retention): Promise<number> {
    this.#checkOpen()
    return this.#edits.run(async () => {
      await this.#group.idle()
      const blocks = new KeptBlocks(this.#options.store)
      blocks.keep()
      return this.#sealing.run(() => this.#pruneNow(retention)).finally(() => blocks.release())
    })
  }

  /** The tree stays as it is, and so does its time; only the history is written anew. */
  async #pruneNow(retention: Retention): Promise<number> {
    const newest = this.#state.durable
    if (newest === null) return 0
    const { oldestFirst, dropped } = await keptVersions(this.versions(), { newest, retention, nowSeconds: this.#now()[0] })
    if (dropped === 0) return 0
    const version = await this.#commitNow(newest, { time: newest.time, rewriteHistory: (write) => writeHistory(write, oldestFirst) })
    this.#becomeDurable(newest, version, new ChangeList())
    return dropped
  }

  /** The newest head that is durable; null before the first commit. */
  get head(): Uint8Array | null {
    return this.#state.durable?.head ?? null
  }

  /**
   * Takes in a version that another node of the same owner made, after all edits that have begun.
   *
   * @param plan is asked with the newest head, which stays the newest until all is done; null: nothing is to be done.
   * @throws HoltError of the head, the store, and what `plan` throws; nothing has changed then.
   */
  async join(plan: (head: Uint8Array) => Promise<JoinPlan | null>): Promise<Joined> {
    this.#checkOpen()
    return this.#edits.run(async () => {
      await this.#group.idle()
      const ours = this.#state.durable
      if (ours === null) throw new TypeError('a volume without a version cannot take one in')
      const wanted = await plan(ours.head)
      if (wanted === null) return { how: 'kept', head: ours.head, conflicts: [] }
      const blocks = new KeptBlocks(this.#options.store)
      blocks.keep()
      try {
        const joined = await this.#join(ours, wanted, blocks)
        await wanted.done?.()
        return joined
      } finally {
        blocks.release()
      }
    })
  }

  async #join(ours: Version, plan: JoinPlan, blocks: KeptBlocks): Promise<Joined> {
    const { usedSequence } = this.#state
    const powers = (epoch: number): EditPowers => this.#editPowers({ ...ours, epoch }, blocks)
    const prepared = await prepareJoin({ reader: this.#reader, options: this.#options, ours, usedSequence, powers }, plan)
    if (prepared.how === 'adopted') {
      const { version, changes } = prepared
      await this.#committer.adopt(version, plan.keep, () => {
        this.#state.usedSequence = version.sequence
      })
      this.#state.adopted(version)
      this.#tellAll({ sequence: version.sequence, changes: changes.list() })
      return { how: 'adopted', head: version.head, conflicts: [] }
    }
    const { tree, commit, conflicts } = prepared
    this.#committer.checkTopKey(tree.topKey)
    const options: CommitOptions = { before: ours, time: this.#now(), keep: plan.keep, ...commit }
    const version = await this.#sealing.run(() =>
      this.#committer.commit(tree, options, () => {
        this.#state.usedSequence = commit.sequence
      }),
    )
    this.#state.adopted(version)
    // it is committed, whatever can be said of it
    const changes = await listChanges(this.#reader, ours.top, version.top).catch(() => null)
    this.#tellAll({ sequence: version.sequence, changes: changes?.list() ?? [{ path: '/', kind: 'changed' }] })
    return { how: 'merged', head: version.head, conflicts }
  }

  /**
   * Reads of the store what `join` will need of a version, without waiting for edits or holding them up.
   *
   * @returns to be called after `join`: until then the store keeps what it got for this.
   * @throws HoltError as `join`.
   */
  async readAhead(plan: JoinPlan): Promise<() => void> {
    const { durable: ours, usedSequence } = this.#state
    const blocks = new KeptBlocks(this.#options.store)
    if (ours === null) return () => {}
    blocks.keep()
    const powers = (epoch: number): EditPowers => this.#editPowers({ ...ours, epoch }, blocks)
    try {
      await prepareJoin({ reader: this.#reader, options: this.#options, ours, usedSequence, powers }, plan)
      return () => blocks.release()
    } catch (error) {
      blocks.release()
      throw error
    }
  }

  live({ signal }: { signal?: AbortSignal } = {}): AsyncIterable<LiveBlocks> {
    const { durable, tree } = this.#state
    const { root = null, history = null } = durable ?? {}
    return new LiveWalk({ reader: this.#reader, keys: this.#options.keys, top: tree.top, root, history, signal }).batches()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#edits.run(async () => {})
    await this.#group.idle()
  }

  #now(): Time {
    return timeOfMs((this.#options.clock ?? Date.now)())
  }
}

function emptyTree({ crypto, keys }: VolumeOptions, time: Time): VolumeTree {
  const top: DirectoryEntry = { k: [crypto.randomBytes(KEY_BYTES)], m: 0o755, r: null, t: 'd', mt: time }
  return { top, epoch: 0, topKey: newestKeyNumber(keys) }
}

async function sealNow(reader: NodeReader, top: DirectoryEntry): Promise<DirectoryEntry> {
  const sealer = new TreeSealer(reader)
  const sealed = await sealer.sealDirectory(top)
  await sealer.flush()
  return sealed
}

/** A listener's fault is its own. */
function tell(listener: ((event: CommitEvent) => void) | undefined, event: CommitEvent): void {
  try {
    listener?.(event)
  } catch {}
}
