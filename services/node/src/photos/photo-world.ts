import { createHash } from 'node:crypto'
import { HoltError } from '@holt/core/errors.ts'
import type { MediaItem, MediaPlace, MediaState, PhoneConditions, PhoneMedia } from './phone-media.ts'

export interface MadePicture {
  name: string
  content: Uint8Array
  month?: string
  video?: boolean
  modified?: number
}

interface Kept extends MediaItem {
  content: Uint8Array
  volume: string
}

/** For tests: a phone's list of pictures, which changes as Android's does. */
export class MemoryMedia implements PhoneMedia {
  readonly #items: Kept[] = []
  readonly #listeners = new Set<(what: 'media' | 'conditions') => void>()
  #conditions: PhoneConditions = { charging: true, wifi: true, metered: false }
  #clock = 0
  #lastId = 100
  access: MediaState['access'] = 'all'
  /** With `access` 'some', those that can be seen. */
  readonly chosen = new Set<number>()
  database = 'one'
  volumes = ['external_primary']
  /** Called before each read. @throws what the read fails with. */
  onRead: (item: MediaItem, offset: number) => void = () => {}
  reads = 0
  asked = 0

  add({ name, content, month = '2026-11', video = false, modified = 1_700_000_000 }: MadePicture, volume = 'external_primary'): number {
    const place = { change: ++this.#clock, id: ++this.#lastId }
    this.#items.push({ ...place, name, month, video, modified, sizeBytes: content.length, content, volume })
    return place.id
  }

  /** As by an app that edits it. */
  change(id: number, content: Uint8Array): void {
    const item = this.#items.find((one) => one.id === id) as Kept
    Object.assign(item, { content, sizeBytes: content.length, change: ++this.#clock, modified: item.modified + 1 })
  }

  /** Only what the list says of it. */
  touch(id: number): void {
    Object.assign(this.#items.find((one) => one.id === id) as Kept, { change: ++this.#clock })
  }

  remove(id: number): void {
    this.#items.splice(
      this.#items.findIndex((one) => one.id === id),
      1,
    )
  }

  /** The list is made anew: other numbers for the same files. */
  renumber(): void {
    this.database += '+'
    for (const item of this.#items) Object.assign(item, { id: ++this.#lastId, change: ++this.#clock })
  }

  tell(conditions: Partial<PhoneConditions> = {}): void {
    this.#conditions = { ...this.#conditions, ...conditions }
    for (const listener of this.#listeners) listener('conditions')
  }

  async state(): Promise<MediaState> {
    const volumes = this.volumes.map((name) => ({ name, database: this.database }))
    return { access: this.access, places: true, volumes, phone: 'Pixel 8' }
  }

  async list(volume: string, { after, videos, limit }: { after: MediaPlace; videos: boolean; limit: number }): Promise<MediaItem[]> {
    return this.#seen(volume, after, videos).slice(0, limit)
  }

  async count(volume: string, { after, videos }: { after: MediaPlace; videos: boolean }): Promise<number> {
    return this.#seen(volume, after, videos).length
  }

  async read(volume: string, { id }: { id: number }, offset: number, lengthBytes: number): Promise<Uint8Array> {
    this.reads++
    const item = this.#seen(volume, { change: 0, id: 0 }, true).find((one) => one.id === id)
    if (item !== undefined) this.onRead(item, offset)
    if (item === undefined) throw new HoltError('NOT_FOUND', 'no such picture')
    return item.content.subarray(offset, offset + lengthBytes)
  }

  async askAccess(): Promise<boolean> {
    this.asked++
    return true
  }

  conditions(): PhoneConditions {
    return this.#conditions
  }

  watch(listener: (what: 'media' | 'conditions') => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Without permission Android's list is empty and no error. */
  #seen(volume: string, after: MediaPlace, videos: boolean): Kept[] {
    if (!this.volumes.includes(volume) || this.access === 'none') return []
    return this.#items
      .filter((one) => one.volume === volume && (videos || !one.video) && (this.access === 'all' || this.chosen.has(one.id)))
      .filter(({ change, id }) => change > after.change || (change === after.change && id > after.id))
      .sort((a, b) => a.change - b.change || a.id - b.id)
  }
}

const BLOCK_BYTES = 4096

/** Bytes that follow from a name, each block other ones, so that anybody can tell them. */
export function pictureOf(name: string, sizeBytes = 2000): Uint8Array {
  const bytes = Buffer.alloc(sizeBytes)
  for (let at = 0; at < sizeBytes; at += BLOCK_BYTES)
    bytes.fill(createHash('sha256').update(`${name}/${at}`).digest(), at, Math.min(sizeBytes, at + BLOCK_BYTES))
  return bytes
}
