import { toHex } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { KEPT_COPY_SUFFIX, readTwice, removeTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { SHARE_ID_BYTES, SHARE_SECRET_BYTES, shareKeys } from '@holt/tree/caps/share-link.ts'
import { hasExpired, openShareRecord, sealShareRecord, type Share } from './share-record.ts'

interface ShareBookOptions {
  disk: Disk
  crypto: Crypto
  /** Seals the records. */
  key: Uint8Array
  nowSeconds(): number
  warn(text: string): void
}

const FOLDER = 'shares'
const MOST_SHARES = 1000
/** So long an expired one is still listed. */
const LISTED_AFTER_SECONDS = 30 * 24 * 3600

/** The links that were given away, each a small sealed file of its own, so that giving and taking back one touches no other. */
export class ShareBook {
  readonly #options: ShareBookOptions
  readonly #shares = new Map<string, Share>()

  private constructor(options: ShareBookOptions) {
    this.#options = options
  }

  /** A record that is damaged does not keep the others, or the node, from opening: it is told and left where it is. */
  static async open(options: ShareBookOptions): Promise<ShareBook> {
    const book = new ShareBook(options)
    const names = (await options.disk.list(FOLDER)) ?? []
    const ids = new Set(names.map((name) => (name.endsWith(KEPT_COPY_SUFFIX) ? name.slice(0, -KEPT_COPY_SUFFIX.length) : name)))
    for (const id of ids) if (isShareId(id)) await book.#read(id)
    await book.#forgetOld()
    return book
  }

  async #read(id: string): Promise<void> {
    const { disk, crypto, key, warn } = this.#options
    try {
      const kept = await readTwice(disk, `${FOLDER}/${id}`)
      if (kept !== null) this.#shares.set(id, await openShareRecord(crypto, key, kept.content))
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`a share is not readable and its link does not open: ${error.message} (${error.code})`)
    }
  }

  /** Newest first. */
  list(): { id: string; share: Share }[] {
    return [...this.#shares].map(([id, share]) => ({ id, share })).sort((a, b) => b.share.made - a.share.made)
  }

  /** Durable when it resolves. @throws HoltError TOO_LARGE when there are too many. */
  async add(share: Omit<Share, 'secret' | 'made'>): Promise<{ id: string; share: Share }> {
    await this.#forgetOld()
    if (this.#shares.size >= MOST_SHARES)
      throw new HoltError('TOO_LARGE', `there are ${MOST_SHARES} links already: take some back first`, { links: MOST_SHARES })
    const { disk, crypto, key, nowSeconds } = this.#options
    const full: Share = { ...share, secret: crypto.randomBytes(SHARE_SECRET_BYTES), made: Math.floor(nowSeconds()) }
    const id = toHex(shareKeys(crypto, full.secret).id)
    await disk.makeFolder(FOLDER)
    await writeTwice(disk, `${FOLDER}/${id}`, await sealShareRecord(crypto, key, full))
    this.#shares.set(id, full)
    return { id, share: full }
  }

  /** Taken back for good when it resolves. @throws HoltError NOT_FOUND. */
  async remove(id: string): Promise<void> {
    if (!this.#shares.has(id)) throw new HoltError('NOT_FOUND', 'there is no such share', { share: id })
    await removeTwice(this.#options.disk, `${FOLDER}/${id}`)
    this.#shares.delete(id)
  }

  isActive(id: string): boolean {
    const share = this.#shares.get(id)
    return share !== undefined && !hasExpired(share, this.#options.nowSeconds())
  }

  /** @throws HoltError NOT_FOUND, also for one that was taken back; CAP_EXPIRED. */
  active(id: string): Share {
    const share = this.#shares.get(id)
    if (share === undefined) throw new HoltError('NOT_FOUND', 'there is no such share')
    if (hasExpired(share, this.#options.nowSeconds())) throw new HoltError('CAP_EXPIRED', 'the link has expired')
    return share
  }

  async #forgetOld(): Promise<void> {
    const then = this.#options.nowSeconds() - LISTED_AFTER_SECONDS
    for (const [id, share] of this.#shares) if (hasExpired(share, then)) await this.remove(id)
  }
}

function isShareId(name: string): boolean {
  return /^[0-9a-f]+$/.test(name) && name.length === 2 * SHARE_ID_BYTES
}
