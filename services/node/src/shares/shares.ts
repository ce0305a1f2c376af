import type { SharedTree } from '@holt/control/shared-tree.ts'
import { cidFromText } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { RootKeys } from '@holt/core/root-key.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { issueReadcap } from '@holt/tree/caps/readcap.ts'
import { sealShare, shareKeys } from '@holt/tree/caps/share-link.ts'
import type { TreeEntry, Volume } from '@holt/tree/types.ts'
import { nameOf } from '../entries.ts'
import type { NodePlatform } from '../platform.ts'
import { ShareBook } from './share-book.ts'
import { MAX_SHARED_PATH_BYTES, type Share } from './share-record.ts'
import { ShareScopes, type SharedEntry } from '@holt/tree/share-scopes.ts'

interface SharesOptions {
  platform: NodePlatform
  keys: RootKeys
  store: BlockStore
  volume: Volume
}

const CACHE_BYTES = 4 << 20

/** Links by which others read a file or folder, as it is whenever they look: made, listed, taken back, and answered. */
export class Shares implements SharedTree {
  readonly #options: SharesOptions
  readonly #book: ShareBook
  readonly #scopes: ShareScopes
  readonly #closed = new AbortController()

  private constructor(options: SharesOptions, book: ShareBook) {
    const { platform, store } = options
    this.#options = options
    this.#book = book
    this.#scopes = new ShareScopes({ store, crypto: platform.crypto, cacheBytes: CACHE_BYTES }, this.#closed.signal)
  }

  static async open(options: SharesOptions): Promise<Shares> {
    const { platform, keys } = options
    const book = await ShareBook.open({
      disk: platform.data,
      crypto: platform.crypto,
      key: keys.sharesKey,
      nowSeconds: () => platform.now() / 1000,
      warn: (text) => platform.log('warn', text),
    })
    return new Shares(options, book)
  }

  list(): { id: string; share: Share }[] {
    return this.#book.list()
  }

  /** @throws HoltError NOT_FOUND; INPUT_INVALID for what no link can be of, or an expiry that has passed. */
  async create({ path, label, expires }: { path: string; label: string; expires: number | null }): Promise<{ id: string; share: Share }> {
    const { platform } = this.#options
    if (new TextEncoder().encode(path).length > MAX_SHARED_PATH_BYTES)
      throw new HoltError('PATH_INVALID', 'this path is too long for a link')
    if (expires !== null && expires <= platform.now() / 1000)
      throw new HoltError('INPUT_INVALID', 'that time has passed', { field: 'expires' })
    await this.#entryAt(path)
    return this.#book.add({ path, label, expires })
  }

  async revoke(id: string): Promise<void> {
    await this.#book.remove(id)
    this.#scopes.forget(id)
  }

  isActive(id: string): boolean {
    return this.#book.isActive(id)
  }

  async document(id: string): Promise<Uint8Array> {
    const share = this.#book.active(id)
    const entry = await this.#entryAt(share.path)
    this.#scopes.remember(id, entry)
    const { platform, keys } = this.#options
    const readcap = issueReadcap(
      platform.crypto,
      {
        label: share.label,
        owner: keys.principal.publicKey,
        salt: keys.volume.salt,
        target: { t: 'entry', entry, name: nameOf(share.path) },
        expires: share.expires,
      },
      keys.principal.seed,
    )
    return sealShare(platform.crypto, shareKeys(platform.crypto, share.secret).key, readcap)
  }

  async block(id: string, cidText: string, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const { path } = this.#book.active(id)
    const cid = cidFromText(cidText)
    if (!this.#scopes.knows(id)) this.#scopes.remember(id, await this.#entryAt(path))
    if (!(await this.#scopes.has(id, cid))) throw new HoltError('BLOCK_NOT_FOUND', 'this block is no part of what is shared')
    return this.#options.store.get(cid, { signal })
  }

  close(): void {
    this.#closed.abort()
  }

  /** In the newest version that is durable: its blocks are sealed. */
  async #entryAt(path: string): Promise<SharedEntry> {
    const { volume } = this.#options
    for await (const newest of volume.versions()) return shareable(await (await volume.at(newest)).stat(path), path)
    throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
  }
}

function shareable(entry: TreeEntry | null, path: string): SharedEntry {
  if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
  if (path === '/') throw new HoltError('INPUT_INVALID', 'the whole tree cannot be given away by a link: choose a folder in it', { path })
  if (entry.t === 'f' || entry.t === 'd') return entry
  throw new HoltError('INPUT_INVALID', `${path} is ${entry.t === 'l' ? 'a symlink' : 'a volume of its own'}: no link can be of it`, {
    path,
  })
}
