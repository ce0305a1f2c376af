import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { nowSeconds } from '@holt/store/fragments/clock.ts'
import { verifyChain, type WriteGrant } from '@holt/tree/caps/writecap.ts'
import { isAtOrUnder, splitPath } from '@holt/tree/names.ts'
import { type Chain, type GivenFolder, MAX_FOLDER_PATH_BYTES, MAX_LABEL_BYTES, MOST_CHAINS, MOST_READERS } from './folder-record.ts'
import { isOf, lastOf, requestOf, withChain, withGrant, withoutGrant, withoutReader } from './requests.ts'
import type { FolderGiver } from './folder-giver.ts'
import type { SharingContext } from './sharing-context.ts'

/** What an owner does with the folders that are shared: gives, lets write, takes back. */
export class FolderOwner {
  readonly #context: SharingContext
  readonly #giver: FolderGiver

  constructor(context: SharingContext, giver: FolderGiver) {
    this.#context = context
    this.#giver = giver
  }

  /**
   * Lets a friend read the folder at a path, as it is whenever something changes.
   *
   * @returns the id of the shared folder.
   * @throws HoltError INPUT_INVALID for what cannot be shared; NOT_AUTHORIZED for what others share; NOT_FOUND; NOT_A_DIRECTORY
   */
  async give(path: string, friend: { owner: Principal; name: string }): Promise<string> {
    const id = this.#giver.idOfPath(path) ?? (await this.#begin(path))
    const { clock } = this.#context
    await this.#giver.change(id, (folder) => {
      if (folder.readers.some(({ owner }) => equalBytes(owner, friend.owner))) return folder
      if (folder.readers.length >= MOST_READERS) throw new HoltError('TOO_LARGE', 'too many read this folder already')
      const name = cut(friend.name)
      const gone = folder.gone.filter((one) => !equalBytes(one, friend.owner))
      return { ...folder, gone, readers: [...folder.readers, { owner: friend.owner, name, since: nowSeconds(clock) }] }
    })
    return id
  }

  async #begin(path: string): Promise<string> {
    const { crypto, keys, shelf, volume } = this.#context
    splitPath(path)
    if (path === '/') throw new HoltError('INPUT_INVALID', 'the whole tree cannot be shared: choose a folder in it', { path })
    if (new TextEncoder().encode(path).length > MAX_FOLDER_PATH_BYTES)
      throw new HoltError('PATH_INVALID', 'this path is too long to be shared')
    if (shelf.holds(path)) throw new HoltError('NAME_INVALID', 'this folder is kept for Holt itself', { path })
    for (const [, { path: theirs, state }] of shelf.taken())
      if (state === 'taken' && (isAtOrUnder(path, theirs) || isAtOrUnder(theirs, path)))
        throw new HoltError('NOT_AUTHORIZED', 'what a friend shares with you is shared on by that friend only', { path })
    for (const [, { path: mine, readers }] of shelf.given())
      if (readers.length > 0 && (isAtOrUnder(path, mine) || isAtOrUnder(mine, path)))
        throw new HoltError('CONFLICT', `${mine} is shared already: a folder in another one that is shared cannot be`, { path })
    const entry = await volume.current().stat(path)
    if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
    if (entry.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${path} is no folder`, { path })
    const folder: GivenFolder = {
      kind: 'given-folder',
      salt: crypto.randomBytes(16),
      path,
      home: keys.node.publicKey,
      keys: [crypto.randomBytes(32)],
      epoch: 0,
      readers: [],
      gone: [],
      grants: [],
      revoked: [],
      requests: [],
      version: null,
    }
    await volume.edit((edit) => shelf.put(edit, folder), { free: true })
    shelf.keep(folder)
    return shelf.idOf(folder)
  }

  /** The friend keeps what it has; what is written from now on is sealed with keys that it does not get. */
  takeBack(id: string, friend: Principal): Promise<void> {
    this.#mustRead(id, friend)
    return this.#giver.change(id, (folder) => withoutReader(folder, friend), { rotate: true })
  }

  #mustRead(id: string, friend: Principal): void {
    if (!this.#giver.get(id).readers.some(({ owner }) => equalBytes(owner, friend)))
      throw new HoltError('NOT_FOUND', 'the folder is not shared with this friend')
  }

  /** Nobody reads it any more. */
  end(id: string): Promise<void> {
    return this.#giver.change(id, (folder) => folder.readers.reduce((rest, { owner }) => withoutReader(rest, owner), folder), {
      rotate: true,
    })
  }

  /** @throws HoltError NOT_FOUND for who does not read it; INPUT_INVALID for a time that has passed. */
  letWrite(id: string, grant: WriteGrant): Promise<void> {
    return this.#giver.change(id, (folder) => this.#granted(folder, grant))
  }

  #granted(folder: GivenFolder, grant: WriteGrant): GivenFolder {
    const { crypto, keys, clock, shelf } = this.#context
    const { id: volume } = shelf.nameOf(folder)
    return withGrant(crypto, folder, { volume, grant, seed: keys.owner.seed, now: nowSeconds(clock) })
  }

  /** Answers a request with a right to write, which may be another than was asked for. @throws HoltError NOT_FOUND */
  approve(id: string, request: Uint8Array, grant: Omit<WriteGrant, 'subject'>): Promise<void> {
    return this.#giver.change(id, (folder) => {
      const { owner } = requestOf(folder, request)
      const granted = this.#granted(folder, { ...grant, subject: owner })
      return { ...granted, requests: folder.requests.filter((one) => !equalBytes(one.id, request)) }
    })
  }

  /** @throws HoltError NOT_FOUND */
  refuse(id: string, request: Uint8Array): Promise<void> {
    const refused = nowSeconds(this.#context.clock)
    return this.#giver.change(id, (folder) => {
      requestOf(folder, request)
      return { ...folder, requests: folder.requests.map((one) => (equalBytes(one.id, request) ? { ...one, refused } : one)) }
    })
  }

  /** What was written by it stays; nothing more that is signed by it counts anywhere. @throws HoltError NOT_FOUND */
  revoke(id: string, serial: Uint8Array): Promise<void> {
    return this.#giver.change(id, (folder) => {
      if (!folder.grants.some((chain) => chain.some((one) => equalBytes(one.serial, serial))))
        throw new HoltError('NOT_FOUND', 'there is no such right to write')
      return withoutGrant(folder, serial)
    })
  }

  /**
   * Takes to the others a right that a writer handed on to somebody who reads the folder, too.
   *
   * @throws HoltError of the chain; NOT_AUTHORIZED for what another handed on; NOT_FOUND for who does not read it.
   */
  takeHanded(id: string, from: Principal, chain: Chain): Promise<void> {
    const { crypto, keys, clock, shelf } = this.#context
    const { issuer, subject: writer } = lastOf(chain)
    return this.#giver.change(id, (folder) => {
      const now = nowSeconds(clock)
      const { id: volume } = shelf.nameOf(folder)
      if (!equalBytes(issuer, from)) throw new HoltError('NOT_AUTHORIZED', 'only who has a right hands it on')
      verifyChain(crypto, chain, { volume, owner: keys.owner.publicKey, writer, revoked: folder.revoked, at: now })
      if (!folder.readers.some(({ owner }) => equalBytes(owner, writer)))
        throw new HoltError('NOT_FOUND', 'who is to write does not read the folder')
      const isKnown = folder.grants.some((one) => equalBytes(lastOf(one).serial, lastOf(chain).serial))
      const theirs = folder.grants.filter((one) => isOf(one, writer)).length
      if (theirs >= MOST_CHAINS) throw new HoltError('TOO_LARGE', 'this friend has many rights there already')
      return isKnown ? folder : withChain(folder, chain, now)
    })
  }

  /** This node looks after it from now on: the one that did is no more. */
  async takeOver(id: string): Promise<void> {
    const { keys, volume, shelf } = this.#context
    const folder = { ...this.#giver.get(id), home: keys.node.publicKey }
    await volume.edit((edit) => shelf.put(edit, folder), { free: true })
    shelf.keep(folder)
    await this.#giver.publish(id)
  }
}

function cut(name: string): string {
  return Array.from(name)
    .slice(0, MAX_LABEL_BYTES / 4)
    .join('')
}
