import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { HoltError, isHoltError, toHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import type { WriteGrant } from '@holt/tree/caps/writecap.ts'
import { ShareScopes } from '@holt/tree/share-scopes.ts'
import type { Links } from '../links.ts'
import { Caller } from '../rpc/caller.ts'
import type { Guests } from '../rpc/guests.ts'
import { serve } from '../rpc/responder.ts'
import { FolderGiver } from './folder-giver.ts'
import { FolderOwner } from './folder-owner.ts'
import { FolderTaker } from './folder-taker.ts'
import { SharingAnswers } from './sharing-answers.ts'
import { type AskFriend, FolderTurns, includes, type SharingContext } from './sharing-context.ts'
import { sharingProtocol } from './sharing-protocol.ts'
import { Shelf } from './shelf.ts'

export interface SharingOptions extends Omit<SharingContext, 'shelf' | 'scopes' | 'turns' | 'signal' | 'callerOf'> {
  links: Links
  guests: Guests
  /** A hidden directory of the tree. */
  place: string
  /** Whose node it is. @throws HoltError NOT_AUTHORIZED, CAP_REVOKED */
  ownerOf(peer: Principal): Principal
  onFault(method: string, error: HoltError): void
}

/** The tree as its node hands it over. */
export type FoldersTree = Pick<SharingOptions, 'volume' | 'blocks' | 'place' | 'onConflicts'>

const LIST_MS = 20_000
const NEWS_MS = 10_000
/** Edits that follow each other closely are one version. */
const GATHERED_MS = 200
const AGAIN_MS = 15_000
const CACHE_BYTES = 8 << 20

/** Folders that this owner shares with friends, and theirs that they share with this one. */
export class Sharing {
  readonly giver: FolderGiver
  readonly owner: FolderOwner
  readonly taker: FolderTaker
  readonly shelf: Shelf
  readonly #options: SharingOptions
  /** What all of it stands on. */
  readonly context: SharingContext
  readonly #ending = new AbortController()
  readonly #callers = new Map<string, AskFriend>()
  readonly #stops: (() => void)[] = []
  /** Friends that are asked now, and whether there is reason to ask again. */
  readonly #asking = new Map<string, { again: boolean }>()
  readonly #work = new Set<Promise<void>>()
  #callOffGather: (() => void) | null = null
  #callOffAgain: () => void = () => {}

  private constructor(options: SharingOptions) {
    const { keys, volume, blocks, crypto, warn, place, links, clock, guests, onFault } = options
    const { signal } = this.#ending
    this.#options = options
    this.shelf = new Shelf({ owner: keys.owner.publicKey, place, warn })
    const scopes = new ShareScopes({ store: blocks.store, crypto, cacheBytes: CACHE_BYTES }, signal)
    this.context = { ...options, shelf: this.shelf, scopes, turns: new FolderTurns(), signal, callerOf: (node) => this.#callerOf(node) }
    this.giver = new FolderGiver(this.context, (readers) => this.#tell(readers))
    this.owner = new FolderOwner(this.context, this.giver)
    this.taker = new FolderTaker(this.context)
    const parts = { giver: this.giver, owner: this.owner, taker: this.taker, ownerOf: options.ownerOf }
    const answers = new SharingAnswers({ ...this.context, ...parts, ask: (friend) => this.#ask(friend) })
    this.#stops.push(serve(links, sharingProtocol, answers.handlers(), { clock, guests, onFault }))
    this.#stops.push(volume.watch(({ changes }) => this.#changed(changes.map(({ path }) => path))))
    volume.limits = (path) => this.taker.rights.check(path)
  }

  static async open(options: SharingOptions): Promise<Sharing> {
    const sharing = new Sharing(options)
    await sharing.shelf.load(() => options.volume.current())
    sharing.#look()
    sharing.soon()
    return sharing
  }

  async stop(): Promise<void> {
    this.#ending.abort(new HoltError('NODE_STOPPING', 'the node is stopping'))
    this.#callOffGather?.()
    this.#callOffAgain()
    for (const stop of this.#stops) stop()
    this.#options.volume.limits = null
    for (const caller of this.#callers.values()) caller.close()
    await Promise.allSettled(this.#work)
  }

  /** Asks all friends what they share. */
  soon(): void {
    if (this.#ending.signal.aborted) return
    this.#callOffAgain()
    this.#callOffAgain = this.context.clock.after(AGAIN_MS, () => this.#again())
    for (const friend of this.context.friends()) this.#ask(friend)
  }

  /** Friends of whom something is here, or was offered. */
  #again(): void {
    this.#callOffAgain = this.context.clock.after(AGAIN_MS, () => this.#again())
    for (const friend of this.context.friends()) if (this.#sharers().some((owner) => equalBytes(owner, friend.owner))) this.#ask(friend)
    this.#look()
  }

  #sharers(): Principal[] {
    const taken = this.shelf.taken().filter(([, { state }]) => state === 'taken')
    return [...taken.map(([, { owner }]) => owner), ...this.taker.offered().map(({ owner }) => owner)]
  }

  /** This node was reached just now. */
  met(node: Principal): void {
    const friend = this.context.friends().find((one) => equalBytes(one.node, node))
    if (friend !== undefined) this.#ask(friend)
  }

  #callerOf(node: Principal): AskFriend {
    const key = toHex(node)
    const known = this.#callers.get(key) ?? new Caller(this.#options.links, node, sharingProtocol, { clock: this.context.clock })
    this.#callers.set(key, known)
    return known
  }

  /** Work that goes on by itself; never throws. */
  #run(work: () => Promise<void>): void {
    if (this.#ending.signal.aborted) return
    const done = work().catch((error: unknown) => {
      const { code, message } = toHoltError(error)
      if (!this.#ending.signal.aborted && !isHoltError(error)) this.context.warn(`sharing folders: ${message} (${code})`)
    })
    this.#work.add(done)
    void done.finally(() => this.#work.delete(done))
  }

  #ask(friend: { owner: Principal; node: Principal }): void {
    const key = toHex(friend.node)
    const asking = this.#asking.get(key)
    if (asking) {
      asking.again = true
      return
    }
    const now = { again: false }
    this.#asking.set(key, now)
    this.#run(async () => {
      try {
        const { folders } = await this.#callerOf(friend.node).call('list', {}, { withinMs: LIST_MS, signal: this.#ending.signal })
        await this.taker.hear(friend, folders)
      } finally {
        this.#asking.delete(key)
        if (now.again) this.#ask(friend)
      }
    })
  }

  /** Readers should ask. */
  #tell(readers: readonly Principal[]): void {
    for (const { owner, node } of this.context.friends())
      if (includes(readers, owner)) this.#run(async () => void (await this.#callerOf(node).call('news', {}, { withinMs: NEWS_MS })))
  }

  #changed(paths: readonly string[]): void {
    if (paths.some((path) => this.shelf.holds(path))) this.#run(() => this.shelf.load(() => this.#options.volume.current()))
    this.#callOffGather ??= this.context.clock.after(GATHERED_MS, () => {
      this.#callOffGather = null
      this.#look()
    })
  }

  /** Whatever changed in a folder goes its way. */
  #look(): void {
    for (const [id] of this.shelf.given()) this.#run(() => this.giver.publish(id))
    for (const [id, { owner, state, home }] of this.shelf.taken()) {
      if (state !== 'taken' || !equalBytes(home, this.context.keys.node.publicKey)) continue
      const nodes = this.context.friends().filter((friend) => equalBytes(friend.owner, owner))
      this.#run(() =>
        this.taker.push(
          id,
          nodes.map(({ node }) => node),
        ),
      )
    }
  }

  /** Says yes to an offer; the folder comes as soon as its owner is reached. */
  async accept(id: string, nameOf: (owner: Principal) => string): Promise<void> {
    const { owner } = await this.taker.accept(id, nameOf)
    for (const friend of this.context.friends()) if (equalBytes(friend.owner, owner)) this.#ask(friend)
  }

  /** @throws HoltError of the owner's node; PEER_UNREACHABLE when none was reached. */
  async askToWrite(id: string, { path, note }: { path: string; note: string }): Promise<void> {
    const folder = this.taker.get(id)
    await this.#call(folder.owner, (caller) =>
      caller.call('ask', { volume: this.shelf.nameOf(folder).id, path, note }, { withinMs: LIST_MS }),
    )
    for (const friend of this.context.friends()) if (equalBytes(friend.owner, folder.owner)) this.#ask(friend)
  }

  /** Hands a right to write, or a part of it, on to somebody who reads the folder, too. @throws HoltError NOT_AUTHORIZED when there is none to hand on. */
  async handOn(id: string, grant: WriteGrant): Promise<void> {
    const folder = this.taker.get(id)
    const chain = this.taker.rights.handedOn(folder, grant)
    await this.#call(folder.owner, (caller) => caller.call('hand', { volume: this.shelf.nameOf(folder).id, chain }, { withinMs: LIST_MS }))
  }

  async leave(id: string): Promise<void> {
    const folder = this.taker.get(id)
    const { id: volume } = this.shelf.nameOf(folder)
    await this.taker.leave(id)
    // an owner who does not hear of it goes on offering
    if (folder.state === 'taken')
      await this.#call(folder.owner, (caller) => caller.call('leave', { volume }, { withinMs: NEWS_MS })).catch(() => {})
  }

  /** By the first node of the owner that takes it. */
  async #call<T>(owner: Principal, work: (caller: AskFriend) => Promise<T>): Promise<T> {
    let failure: unknown = new HoltError('PEER_UNREACHABLE', 'no node of this friend is known')
    for (const friend of this.context.friends().filter((one) => equalBytes(one.owner, owner)))
      try {
        return await work(this.#callerOf(friend.node))
      } catch (error) {
        failure = error
      }
    throw failure
  }
}
