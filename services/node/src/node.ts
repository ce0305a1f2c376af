import type { AppPasswordBook } from '@holt/control/app-passwords.ts'
import type { CallOptions, Control, MethodName, Params, Result, Status } from '@holt/control/schema.ts'
import type { SharedTree } from '@holt/control/shared-tree.ts'
import type { FileStreams } from '@holt/control/streams.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import { appPasswordMethods } from './app-password-methods.ts'
import { boxCalls } from './box-methods.ts'
import { driveMethods } from './drive-methods.ts'
import { EventLog } from './event-log.ts'
import { fileMethods } from './file-methods.ts'
import { createFileStreams } from './file-streams.ts'
import { keyMethods } from './key-methods.ts'
import { machineMethods } from './machine/machine-methods.ts'
import { MachineMonitor } from './machine/machine-monitor.ts'
import { NodeLog } from './machine/node-log.ts'
import type { Method, MethodTable } from './method-table.ts'
import { type OpenTree, openTree } from './open-tree.ts'
import { NodePeers } from './peers/node-peers.ts'
import { friendsOfPack } from './peers/peer-info.ts'
import { clusterMethods } from './peers/cluster-methods.ts'
import { outlookMethods } from './peers/outlook-methods.ts'
import { folderMethods } from './peers/folder-methods.ts'
import { peerMethods } from './peers/peer-methods.ts'
import type { MountableTree } from '@holt/control/mounted-tree.ts'
import { mountableTree } from './mount/mount-tree.ts'
import { photoMethods } from './photos/photo-methods.ts'
import { powerMethods } from './power/power-methods.ts'
import type { NodePlatform } from './platform.ts'
import { authorMethods } from './programs/author-methods.ts'
import { programMethods } from './programs/program-methods.ts'
import { hasRootKey, readRootKey } from './root-key-store.ts'
import { isSettingsDamage, readSettings } from './settings.ts'
import { type SetupContext, setupMethods } from './setup-methods.ts'
import { shareMethods } from './shares/share-methods.ts'
import { spaceMethods } from './space/space-methods.ts'
import { statusOf } from './status.ts'
import { blockTreeMethods } from './block-tree-methods.ts'
import { storeMethods } from './store-methods.ts'
import { streamMethods } from './stream-methods.ts'
import { thumbnailMethods } from './thumbnail-methods.ts'
import { trashMethods } from './trash-methods.ts'

export interface HoltNode {
  /** Every call a node answers; params are taken as checked. */
  readonly control: Control
  readonly files: FileStreams
  /** For who has a share link. */
  readonly shared: SharedTree
  readonly mountable: MountableTree
  /** Where people find the page; shown in the status. */
  setPageUrl(url: string): void
  /** Where passwords of WebDAV programs are kept; without it there are none. */
  setAppPasswords(book: AppPasswordBook): void
  /** Cancels the calls under way and waits for them, then finishes open commits. */
  close(): Promise<void>
}

/**
 * What a node is:
 *
 * | state | tree | answers |
 * |---|---|---|
 * | new | none | status, init, recover, stop |
 * | recovering | none yet | status, stop |
 * | ready | open | all |
 * | failed | none, could not be opened; tried again each minute when drives or friends may bring what lacks | status (with the problem), stop; recover when settings or key are what is damaged |
 */
type State =
  | { kind: 'new' }
  | { kind: 'recovering' }
  | { kind: 'ready'; tree: OpenTree }
  | { kind: 'failed'; problem: HoltError; needsWords: boolean }

const TRY_AGAIN_MS = 60_000
/** What a drive or a friend lacks that is not there yet. */
const MAY_COME = new Set<string>(['NOT_FOUND', 'BLOCK_NOT_FOUND', 'PACK_UNRECOVERABLE', 'DRIVE_MISSING'])

/** Puts the layers together over a platform. A store that cannot be opened is a state, not an exception: its owner must be told. */
export async function createNode(platform: NodePlatform, options: { onStop?: () => void } = {}): Promise<HoltNode> {
  const node = new RunningNode(platform, options.onStop ?? (() => {}))
  await node.open()
  return node
}

class RunningNode implements HoltNode {
  readonly control: Control
  readonly files: FileStreams
  readonly shared: SharedTree
  readonly mountable: ReturnType<typeof mountableTree>
  readonly #platform: NodePlatform
  readonly #onStop: () => void
  readonly #events = new EventLog()
  readonly #monitor: MachineMonitor | null
  readonly #methods: MethodTable
  readonly #peers: NodePeers
  #state: State = { kind: 'new' }
  #pageUrl: string | null = null
  #appPasswords: AppPasswordBook | null = null
  #isStopping = false
  #opening: Promise<void> = Promise.resolve()
  #callOffOpening: () => void = () => {}
  readonly #underWay = new Map<Promise<unknown>, AbortController>()

  constructor(given: NodePlatform, onStop: () => void) {
    const log = new NodeLog()
    const platform = remembering(given, log)
    this.#platform = platform
    this.#monitor = platform.machine ? new MachineMonitor({ ...platform, machine: platform.machine }) : null
    this.#onStop = onStop
    this.#peers = new NodePeers(platform)
    platform.power?.askWhether(() => this.#state.kind === 'ready' && isAtWork(this.#state.tree))
    const tree = (): OpenTree => this.#tree()
    const { crypto, pool } = platform
    this.files = createFileStreams({
      volume: () => tree().volume,
      store: () => tree().store,
      uploads: () => tree().uploads,
      crypto,
      pool,
      now: () => platform.now(),
    })
    this.mountable = mountableTree(tree)
    this.shared = sharedTree(() => (this.#state.kind === 'ready' ? this.#state.tree.shares : null), tree)
    this.#methods = {
      'node.status': () => this.#status(),
      'node.stop': async () => {
        setTimeout(this.#onStop, 0)
        return {}
      },
      'events.next': ({ after, waitMs }, { signal }) => this.#events.next(after, waitMs, signal),
      ...setupMethods(this.#setupContext()),
      ...fileMethods(tree),
      ...trashMethods(tree),
      ...thumbnailMethods(tree),
      ...photoMethods(tree),
      ...powerMethods(platform.power),
      ...streamMethods(this.files),
      ...driveMethods(tree),
      ...storeMethods(tree),
      ...spaceMethods(tree),
      ...blockTreeMethods(tree, (pack) => friendsOfPack(pack, this.#peers.network)),
      ...keyMethods(platform, tree),
      ...shareMethods(
        () => tree().shares,
        () => platform.now() / 1000,
      ),
      ...appPasswordMethods(() => this.#appPasswords, tree),
      ...authorMethods(tree),
      ...programMethods(platform, tree),
      ...peerMethods(this.#peers, tree),
      ...outlookMethods(this.#peers, tree),
      ...clusterMethods(this.#peers),
      ...folderMethods(this.#peers, tree),
      ...machineMethods(platform, this.#monitor, log),
      ...boxCalls(platform),
    }
    this.control = { call: (name, params, options) => this.#call(name, params, options) }
  }

  async open(): Promise<void> {
    await this.#monitor?.start()
    await this.#openTree()
  }

  async #openTree(): Promise<void> {
    try {
      const settings = await readSettings(this.#platform.data)
      if (settings === null || !(await hasRootKey(this.#platform))) return
      this.#become(
        await openTree(this.#platform, {
          settings,
          rootKey: await readRootKey(this.#platform),
          events: this.#events,
          beforeStore: (keeper, keys) => this.#peers.openEarly({ keeper, keys }, settings),
        }),
      )
    } catch (error) {
      const problem = toHoltError(error)
      this.#state = { kind: 'failed', problem, needsWords: problem.code === 'KEY_FILE_DAMAGED' || isSettingsDamage(problem) }
      this.#platform.log('error', `the store cannot be opened: ${problem.message} (${problem.code})`)
      // what it was started for is closed
      await this.#peers.close()
      if (MAY_COME.has(problem.code)) this.#openLater()
    }
  }

  #openLater(): void {
    this.#callOffOpening = (this.#platform.clock ?? systemClock).after(TRY_AGAIN_MS, () => {
      if (this.#state.kind === 'failed' && !this.#isStopping) this.#opening = this.#openTree()
    })
  }

  setPageUrl(url: string): void {
    this.#pageUrl = url
  }

  setAppPasswords(book: AppPasswordBook): void {
    this.#appPasswords = book
  }

  async close(): Promise<void> {
    this.#isStopping = true
    this.#callOffOpening()
    await this.#opening
    for (const canceller of this.#underWay.values()) canceller.abort(stopping())
    await Promise.allSettled(this.#underWay.keys())
    await this.mountable.end()
    await this.#monitor?.stop()
    await this.#peers.close()
    if (this.#state.kind === 'ready') await this.#state.tree.close()
    this.#state = { kind: 'failed', problem: stopping(), needsWords: false }
  }

  #become(tree: OpenTree): void {
    this.#state = { kind: 'ready', tree }
    const { power } = this.#platform
    if (power) tree.store.onChange((what) => (what === 'commit' ? power.stir() : undefined))
    this.mountable.isReady()
    void this.#peers.follow(tree).then(() => this.mountable.othersAreKnown())
  }

  #setupContext(): SetupContext {
    return {
      platform: this.#platform,
      events: this.#events,
      state: () => (this.#state.kind === 'failed' && this.#state.needsWords ? 'damaged' : this.#state.kind),
      recovering: () => {
        const before = this.#state
        this.#state = { kind: 'recovering' }
        return () => {
          if (this.#state.kind === 'recovering') this.#state = before
        }
      },
      ready: (tree) => this.#become(tree),
      askFriends: (tree, options) => this.#peers.recover(tree, options),
      joinApart: (tree, lines) => this.#peers.joinApart(tree, lines),
      recovered: () => this.#peers.recovered(),
      leaveFriends: () => this.#peers.close(),
    }
  }

  #tree(): OpenTree {
    if (this.#state.kind === 'ready') return this.#state.tree
    if (this.#state.kind === 'failed') throw this.#state.problem
    throw new HoltError('NOT_INITIALIZED', 'this node has no root key yet: set it up with `holt init` or on its page')
  }

  async #call<Name extends MethodName>(name: Name, params: Params<Name>, options: CallOptions = {}): Promise<Result<Name>> {
    const method: Method<Name> | undefined = this.#methods[name]
    if (method === undefined) throw new HoltError('UNKNOWN_METHOD', `no method is called ${name}`, { method: name })
    if (this.#isStopping) throw stopping()
    const canceller = new AbortController()
    const cancel = (): void => canceller.abort(options.signal?.reason)
    if (options.signal?.aborted) cancel()
    options.signal?.addEventListener('abort', cancel, { once: true })
    const answer = (async () => method(params, { ...options, signal: canceller.signal }))()
    this.#underWay.set(answer, canceller)
    try {
      return await answer
    } catch (error) {
      throw this.#known(name, error)
    } finally {
      this.#underWay.delete(answer)
      options.signal?.removeEventListener('abort', cancel)
    }
  }

  /** Our own bugs are logged with their stack; the caller learns only that there was one. */
  #known(name: string, error: unknown): HoltError {
    const known = toHoltError(error)
    if (this.#isStopping && known.code === 'CANCELLED') return stopping() // a worker knows that it was cancelled, not why
    if (known.code === 'INTERNAL') this.#platform.log('error', `${name}: ${error instanceof Error ? error.stack : String(error)}`)
    return known
  }

  async #status(): Promise<Status> {
    const state = this.#state
    return statusOf(this.#platform, {
      state: state.kind,
      tree: state.kind === 'ready' ? state.tree : null,
      problem: state.kind === 'failed' ? state.problem.message : null,
      pageUrl: this.#pageUrl,
    })
  }
}

const stopping = (): HoltError => new HoltError('NODE_STOPPING', 'the node is stopping')

function sharedTree(shares: () => SharedTree | null, tree: () => OpenTree): SharedTree {
  return {
    isActive: (id) => shares()?.isActive(id) ?? false,
    document: async (id) => tree().shares.document(id),
    block: async (id, cid, options) => tree().shares.block(id, cid, options),
  }
}

/** The same platform, of which the node's words are kept for a while. */
function remembering(platform: NodePlatform, log: NodeLog): NodePlatform {
  return {
    ...platform,
    log: (level, text) => {
      log.add({ time: platform.now() / 1000, level, text })
      platform.log(level, text)
    },
  }
}

/** Of what a node does by itself: what a phone must not fall asleep in. */
function isAtWork({ photos, store, keeper }: OpenTree): boolean {
  return photos?.isRunning === true || store.isSpreading || keeper.isFetching
}
