import { HoltError } from '@holt/core/errors.ts'
import type { MediaItem, MediaPlace, MediaState, PhoneConditions, PhoneMedia } from '@holt/node/photos/phone-media.ts'
import type { Question } from './bridge.ts'

/** What Android's list of pictures says, by the app. */
export class BridgedMedia implements PhoneMedia {
  readonly #ask: (question: Question) => Promise<unknown>
  readonly #listeners = new Set<(what: 'media' | 'conditions') => void>()
  /** Until the app says otherwise nothing may cost. */
  #conditions: PhoneConditions = { charging: false, wifi: false, metered: true }

  constructor(ask: (question: Question) => Promise<unknown>) {
    this.#ask = ask
  }

  /** The app tells of them unasked. */
  setConditions({ charging, wifi, metered }: PhoneConditions): void {
    const before = this.#conditions
    this.#conditions = { charging, wifi, metered }
    if (charging !== before.charging || wifi !== before.wifi || metered !== before.metered) this.#tell('conditions')
  }

  changed(): void {
    this.#tell('media')
  }

  #tell(what: 'media' | 'conditions'): void {
    for (const listener of this.#listeners) listener(what)
  }

  async state(): Promise<MediaState> {
    return (await this.#ask({ what: 'media-state' })) as MediaState
  }

  async list(volume: string, { after, videos, limit }: { after: MediaPlace; videos: boolean; limit: number }): Promise<MediaItem[]> {
    const items = (await this.#ask({ what: 'media-list', volume, change: after.change, id: after.id, videos, limit })) as MediaItem[]
    // a list that goes back would never end
    if (items.some((item, i) => !isAfter(item, items[i - 1] ?? after)))
      throw new HoltError('INTERNAL', `the phone's list of pictures is not in its order`)
    return items
  }

  async count(volume: string, { after, videos }: { after: MediaPlace; videos: boolean }): Promise<number> {
    return (await this.#ask({ what: 'media-count', volume, change: after.change, id: after.id, videos })) as number
  }

  async read(volume: string, { id, video }: { id: number; video: boolean }, offset: number, lengthBytes: number): Promise<Uint8Array> {
    return (await this.#ask({ what: 'media-read', volume, id, video, offset, lengthBytes })) as Uint8Array
  }

  async askAccess(): Promise<boolean> {
    return (await this.#ask({ what: 'media-access' })) as boolean
  }

  conditions(): PhoneConditions {
    return this.#conditions
  }

  watch(listener: (what: 'media' | 'conditions') => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function isAfter(item: MediaPlace, before: MediaPlace): boolean {
  return item.change > before.change || (item.change === before.change && item.id > before.id)
}
