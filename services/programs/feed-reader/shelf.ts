import type { Store } from '@holt/guest/store.ts'
import type { FeedItem, ParsedFeed } from './parse-feed.ts'

export interface Feed {
  id: string
  address: string
  title: string
  /** Milliseconds since 1970, of the last time that it could be fetched; 0: never. */
  fetched: number
  problem: string | null
}

export interface StoredItem extends Omit<FeedItem, 'key'> {
  id: string
  feed: string
  read: boolean
}

/** Items that are in their feed no more make room for new ones. */
const MOST_KEPT = 300

/** Feeds and what was read of them, in the program's store: `feed/ID` and `item/FEED/ID`. */
export class Shelf {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  feeds(): Feed[] {
    return this.#store
      .keys('feed/')
      .map((key) => this.#store.get(key) as Feed)
      .sort((a, b) => a.title.localeCompare(b.title))
  }

  feed(id: string): Feed | null {
    return (this.#store.get(`feed/${id}`) as Feed | undefined) ?? null
  }

  /** Newest first. */
  items(feed: string | null = null): StoredItem[] {
    return this.#store
      .keys(feed === null ? 'item/' : `item/${feed}/`)
      .map((key) => this.#store.get(key) as StoredItem)
      .sort((a, b) => b.time - a.time || (a.id < b.id ? -1 : 1))
  }

  add(address: string): Feed {
    const id = hashOf(address)
    const feed = this.feed(id) ?? { id, address, title: address, fetched: 0, problem: null }
    this.#store.set(`feed/${id}`, feed)
    return feed
  }

  remove(id: string): void {
    this.#store.delete(`feed/${id}`)
    for (const key of this.#store.keys(`item/${id}/`)) this.#store.delete(key)
  }

  /** What was fetched: items that are known stay read. */
  take(feed: Feed, { title, items }: ParsedFeed, now: number): void {
    this.#store.set(`feed/${feed.id}`, { ...feed, title: title || feed.address, fetched: now, problem: null } satisfies Feed)
    const there = new Set<string>()
    for (const { key, ...item } of items) {
      const id = hashOf(key)
      there.add(id)
      const place = `item/${feed.id}/${id}`
      const known = this.#store.get(place) as StoredItem | undefined
      const time = item.time || known?.time || now
      this.#store.set(place, { ...item, id, feed: feed.id, time, read: known?.read ?? false } satisfies StoredItem)
    }
    const old = this.items(feed.id).filter(({ id }) => !there.has(id))
    for (const { id } of old.slice(Math.max(0, MOST_KEPT - there.size))) this.#store.delete(`item/${feed.id}/${id}`)
  }

  failed(feed: Feed, problem: string): void {
    this.#store.set(`feed/${feed.id}`, { ...feed, problem } satisfies Feed)
  }

  mark(feed: string, item: string, read: boolean): void {
    const place = `item/${feed}/${item}`
    const known = this.#store.get(place) as StoredItem | undefined
    if (known !== undefined) this.#store.set(place, { ...known, read } satisfies StoredItem)
  }
}

/** Names what may be of any length: 64 bits, by FNV-1a from two beginnings. */
function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9747b28c]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ (unit + i), 0x01000193)
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
