import { equalBytes } from '@holt/core/bytes.ts'
import type { Cid } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { parseHead, verifyHead } from './caps/head.ts'
import { ChangeList } from './changes.ts'
import { type CommitOptions, Committer, openVersion, type Version, type VolumeTree } from './committer.ts'
import { type EditPowers, EditSession } from './edit.ts'
import { KEY_BYTES } from './entry.ts'
import { treeSource } from './grafts.ts'
import { GroupCommit } from './group-commit.ts'
import { readHistory, writeHistory } from './history.ts'
import { LiveWalk } from './live.ts'
import { isAtOrUnder } from './names.ts'
import { NodeCache } from './node-cache.ts'
import { NodeReader } from './node-reader.ts'
import { decodeRoot, type HistoryEntry } from './nodes.ts'
import { keepsVersion } from './retention.ts'
import { newestKeyNumber } from './sealed-block.ts'
import { TreeSnapshot } from './snapshot.ts'
import { DEFAULT_CLASS } from './tree-read.ts'
import { TreeSealer } from './tree-sealer.ts'
import type { TreeSource } from './tree-walk.ts'
import { Turns } from './turns.ts'
import type { CommitEvent, DirectoryEntry, Edit, Retention, Snapshot, Time, Volume } from './types.ts'
import type { VolumeOptions } from './volume-options.ts'

/**
 * Opens a volume to read and commit.
 *
 * @throws HoltError of the head (SIGNATURE_INVALID, NOT_AUTHORIZED, MALFORMED), the store, and DECRYPTION_FAILED for
 * the wrong keys.
 */
export async function openVolume(options: VolumeOptions): Promise<Volume> {
  const { store, crypto, cacheBytes, cache = new NodeCache(cacheBytes), head } = options
  const reader = new NodeReader({ store, crypto, cache })
  if (head === null) return new TreeVolume(reader, options, null)
  checkHead(options, head)
  return new TreeVolume(reader, options, await openVersion(reader, options.keys, head))
}

/** A new volume with an empty top, committed. */
export async function createVolume(options: Omit<VolumeOptions, 'head'> & { mode?: number }): Promise<Volume> {
  const volume = await openVolume({ ...options, head: null })
  await volume.edit((edit) => edit.setAttributes('/', { m: options.mode ?? 0o755 }))
  return volume
}

function checkHead({ crypto, id, owner, salt }: VolumeOptions, bytes: Uint8Array): void {
  const head = parseHead(bytes)
  if (!equalBytes(head.volume, id) || !equalBytes(head.owner, owner) || !equalBytes(head.salt, salt)) {
    throw new HoltError('MALFORMED', 'the head is of another volume')
  }
  verifyHead(crypto, head)
}

interface Done<T> {
  result: T
  durable: Promise<void>
}

/** What an edit may change besides the tree below the top. */
type VolumeChange<T> = (edit: EditSession, before: VolumeTree) => Promise<{ result: T; keys?: Pick<VolumeTree, 'epoch' | 'topKey'> }>

class TreeVolume implements Volume {
  readonly id: Uint8Array
  readonly #options: VolumeOptions
  readonly #reader: NodeReader
  readonly #source: TreeSource
  readonly #committer: Committer
  readonly #group: GroupCommit
  readonly #edits = new Turns()
  /** Two at once would seal the same nodes twice. */
  readonly #sealing = new Turns()
  readonly #watchers = new Set<(event: CommitEvent) => void>()
  /** null before the first commit. */
  #durable: Version | null
  /** The same tree as edits had made it. */
  #committedTree: VolumeTree
  /** What the next edit begins with: the durable tree, or what edits since have made of it. */
  #tree: VolumeTree
  #treeTime: Time
  /** The highest sequence number that the store may have seen. */
  #usedSequence: number
  /** Each failed commit takes back the edits that were not durable. */
  #failures = 0
  #lastFailure: Error | null = null
  #isClosed = false

  constructor(reader: NodeReader, options: VolumeOptions, version: Version | null) {
    this.id = options.id
    this.#options = options
    this.#reader = reader
    this.#source = treeSource(reader, options.resolveVolume)
    this.#committer = new Committer(reader, options)
    this.#group = new GroupCommit({
      isMoreComing: () => this.#edits.isBusy,
      commit: (tree) => this.#commit(tree),
      committed: (tree, version, changes) => this.#becomeDurable(tree, version, changes),
      failed: (failure) => this.#takeBack(failure),
    })
    this.#durable = version
    this.#tree = version ?? emptyTree(options, this.#now())
    this.#committedTree = this.#tree
    this.#treeTime = version?.time ?? this.#now()
    this.#usedSequence = version?.sequence ?? 0
  }

  current(): Snapshot {
    const sequence = this.#durable?.sequence ?? 0
    return this.#snapshot(this.#tree.top, this.#isDurable(this.#tree) ? sequence : sequence + 1, this.#treeTime)
  }

  #isDurable(tree: VolumeTree): boolean {
    return tree === this.#committedTree || tree === this.#durable
  }

  #snapshot(top: DirectoryEntry, sequence: number, time: Time): Snapshot {
    return new TreeSnapshot(top, { source: this.#source, sequence, time, pool: this.#options.pool })
  }

  async at(version: number | Date | HistoryEntry): Promise<Snapshot> {
    const { sequence, time, root } = typeof version === 'number' || version instanceof Date ? await this.#find(version) : version
    const { dir } = await this.#reader.read(root, this.#options.keys, decodeRoot)
    return this.#snapshot(dir, sequence, time)
  }

  async #find(wanted: number | Date): Promise<HistoryEntry> {
    if (Number.isNaN(Number(wanted))) throw new HoltError('INPUT_INVALID', 'not a version')
    for await (const version of this.versions()) {
      if (typeof wanted === 'number' ? version.sequence === wanted : isNotAfter(version.time, wanted)) return version
    }
    throw new HoltError('VERSION_NOT_FOUND', `no version ${wanted instanceof Date ? wanted.toISOString() : wanted} is kept`)
  }

  async *versions(): AsyncGenerator<HistoryEntry> {
    if (this.#durable === null) return
    const { sequence, time, root, history } = this.#durable
    yield { sequence, time, root }
    yield* readHistory(this.#reader, this.#options.keys, history)
  }

  edit<T>(change: (edit: Edit) => Promise<T>): Promise<T> {
    return this.#change(async (edit) => ({ result: await change(edit) }))
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

  async #change<T>(change: VolumeChange<T>): Promise<T> {
    this.#checkOpen()
    const { result, durable } = await this.#edits.run(() => this.#runEdit(change))
    await durable
    return result
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new HoltError('NODE_STOPPING', 'the volume is closed')
  }

  async #runEdit<T>(change: VolumeChange<T>): Promise<Done<T>> {
    await this.#group.room()
    if (this.#reader.slice.isOver) await this.#reader.slice.next()
    const before = this.#tree
    const failures = this.#failures
    const blocks = new KeptBlocks(this.#options.store)
    try {
      const session = new EditSession(before.top, this.#editPowers(before, blocks))
      const { result, keys } = await change(session, before)
      if (failures !== this.#failures) throw this.#lastFailure as Error
      const tree = session.top === before.top ? before : { epoch: before.epoch, topKey: before.topKey, ...keys, top: session.top }
      return { result, durable: this.#whenDurable(tree, session, blocks) }
    } catch (error) {
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

  #whenDurable(tree: VolumeTree, { changes, putBytes }: EditSession, blocks: KeptBlocks): Promise<void> {
    if (this.#isDurable(tree)) {
      blocks.release()
      return Promise.resolve()
    }
    if (tree !== this.#tree) this.#treeTime = this.#now()
    this.#tree = tree
    blocks.keep()
    const durable = new Promise<void>((resolve, reject) => {
      const end = (failure: Error | null) => {
        blocks.release()
        if (failure === null) resolve()
        else reject(failure)
      }
      this.#group.add({ tree, changes, sizeBytes: putBytes, end })
    })
    durable.catch(() => {})
    return durable
  }

  async #commit(tree: VolumeTree): Promise<Version> {
    if (this.#durable !== null && this.#isDurable(tree)) return this.#durable
    return this.#sealing.run(() => this.#commitNow(tree, { time: this.#now() }))
  }

  async #commitNow(tree: VolumeTree, options: Pick<CommitOptions, 'time' | 'rewriteHistory'>): Promise<Version> {
    const sequence = this.#usedSequence + 1
    return this.#committer.commit(tree, { before: this.#durable, sequence, ...options }, () => {
      this.#usedSequence = sequence
    })
  }

  #becomeDurable(tree: VolumeTree, version: Version, changes: ChangeList): void {
    if (version === this.#durable) return
    this.#durable = version
    this.#committedTree = tree
    if (this.#tree === tree) {
      this.#tree = version
      this.#treeTime = version.time
    }
    const event = { sequence: version.sequence, changes: changes.list() }
    tell(this.#options.onEvent, event)
    for (const watcher of this.#watchers) tell(watcher, event)
  }

  #takeBack(failure: Error): void {
    this.#failures++
    this.#lastFailure = failure
    this.#tree = this.#durable ?? this.#committedTree
    this.#treeTime = this.#durable?.time ?? this.#treeTime
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
    const newest = this.#durable
    if (newest === null) return 0
    const keeps = keepsVersion(retention, this.#now()[0])
    keeps(newest.time[0])
    const kept: HistoryEntry[] = []
    let dropped = 0
    for await (const version of this.versions()) {
      if (keeps(version.time[0])) kept.push(version)
      else if (version.sequence !== newest.sequence) dropped++
    }
    if (dropped === 0) return 0
    kept.reverse()
    const version = await this.#commitNow(newest, { time: newest.time, rewriteHistory: (write) => writeHistory(write, kept) })
    this.#becomeDurable(newest, version, new ChangeList())
    return dropped
  }

  live({ signal }: { signal?: AbortSignal } = {}): AsyncIterable<Cid[]> {
    const { root = null, history = null } = this.#durable ?? {}
    const walk = new LiveWalk({ reader: this.#reader, keys: this.#options.keys, top: this.#tree.top, root, history, signal })
    return walk.batches()
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

/** The store keeps what is appended from `keep` to `release`. */
class KeptBlocks {
  readonly #store: BlockStore
  #session: { end(): void } | null = null

  constructor(store: BlockStore) {
    this.#store = store
  }

  keep(): void {
    this.#session ??= this.#store.beginWriting()
  }

  release(): void {
    this.#session?.end()
    this.#session = null
  }
}

function emptyTree({ crypto, keys }: VolumeOptions, time: Time): VolumeTree {
  const top: DirectoryEntry = { k: [crypto.randomBytes(KEY_BYTES)], m: 0o755, r: null, t: 'd', mt: time }
  return { top, epoch: 0, topKey: newestKeyNumber(keys) }
}

async function sealNow(reader: NodeReader, top: DirectoryEntry): Promise<DirectoryEntry> {
  const sealer = new TreeSealer(reader)
  const sealed = await sealer.sealDirectory(top, DEFAULT_CLASS)
  await sealer.flush()
  return sealed
}

function timeOfMs(ms: number): Time {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)]
}

function isNotAfter([seconds, nanoseconds]: Time, date: Date): boolean {
  const { [0]: wantedSeconds, [1]: wantedNanoseconds } = timeOfMs(date.getTime())
  return seconds < wantedSeconds || (seconds === wantedSeconds && nanoseconds <= wantedNanoseconds)
}

/** A listener's fault is its own. */
function tell(listener: ((event: CommitEvent) => void) | undefined, event: CommitEvent): void {
  try {
    listener?.(event)
  } catch {}
}
