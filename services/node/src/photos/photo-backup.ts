import type { PhotoChoice, PhotoStatus } from '@holt/control/photos.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { type Clock, systemClock } from '@holt/store/fragments/clock.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { nameProblem } from '@holt/tree/names.ts'
import type { Volume } from '@holt/tree/types.ts'
import type { NodePlatform } from '../platform.ts'
import type { MediaItem, MediaState, MediaVolume, PhoneMedia } from './phone-media.ts'
import { checkPhotoFolder, folderForPhone } from './photo-folder.ts'
import { PhotoReader } from './photo-reader.ts'
import { newPhotoSettings, type PhotoSettings, readPhotoSettings, writePhotoSettings } from './photo-settings.ts'
import { type Cursor, PhotoShelf, type Taken } from './photo-shelf.ts'

export interface PhotoBackupOptions {
  platform: NodePlatform
  media: PhoneMedia
  store: BlockStore
  /** Hidden area and all. */
  volume: Volume
}

type WaitsFor = NonNullable<PhotoStatus['waitsFor']>

/** Ends a run that may not go on now; what changes begins another. */
class Wait extends Error {
  readonly reason: WaitsFor

  constructor(reason: WaitsFor) {
    super(reason)
    this.reason = reason
  }
}

/** Of the list at once. */
const PAGE = 200
/** One commit has so much at most. */
const MOST_FILES = 16
const MOST_BYTES = 32 << 20
/** The list tells of a burst of pictures one by one. */
const SETTLE_MS = 3000
const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 3_600_000

/**
 * Takes a phone's pictures into the tree, whenever the list of them changes and its owner's rules allow. It goes through the list of each volume
 * from where it was, each step one commit, so that it can be killed at any moment; nothing it does not find means anything to it.
 *
 * | state | |
 * |---|---|
 * | off | its owner has not turned it on |
 * | running | goes through the lists |
 * | waiting | `#waitsFor` says for what; what changes on the phone begins another run, for trouble and space a timer too |
 * | idle | all that was there is in the tree |
 */
export class PhotoBackup {
  readonly #options: PhotoBackupOptions
  readonly #shelf: PhotoShelf
  readonly #clock: Clock
  #settings: PhotoSettings
  #waitsFor: WaitsFor | null = null
  #phone: MediaState | null = null
  #left: number | null = null
  #current: PhotoStatus['current'] = null
  #problem: string | null = null
  #isClosed = false
  #running: Promise<void> | null = null
  /** Something changed during a run: there is another after it. */
  #again = false
  #stop: Wait | null = null
  #callOff: () => void = () => {}
  #unwatch: () => void = () => {}
  #failures = 0

  private constructor(options: PhotoBackupOptions, settings: PhotoSettings) {
    const { platform, store, volume } = options
    this.#options = options
    this.#settings = settings
    this.#clock = platform.clock ?? systemClock
    this.#shelf = new PhotoShelf({ volume, store, crypto: platform.crypto, now: () => platform.now() }, settings.phone)
  }

  static async open(options: PhotoBackupOptions): Promise<PhotoBackup> {
    const { crypto, data } = options.platform
    const settings = (await readPhotoSettings(data)) ?? newPhotoSettings(crypto.randomBytes(16))
    // a pause is for now: a phone that was started anew would stay behind for good
    return new PhotoBackup(options, { ...settings, paused: false })
  }

  start(): void {
    this.#unwatch = this.#options.media.watch((what) => (what === 'media' ? this.#wakeSoon() : this.#wake()))
    this.#wake()
  }

  async status(): Promise<PhotoStatus> {
    const { on, paused, videos, folder, network, charging } = this.#settings
    const { done, later } = await this.#shelf.counts()
    return {
      on,
      paused,
      videos,
      folder,
      network,
      charging,
      state: !on ? 'off' : this.#running !== null ? 'running' : this.#waitsFor !== null ? 'waiting' : 'idle',
      waitsFor: on && this.#running === null ? this.#waitsFor : null,
      access: this.#phone?.access ?? null,
      places: this.#phone?.places ?? true,
      done,
      left: this.#left,
      later,
      current: this.#current,
      problem: this.#problem,
    }
  }

  /** @throws HoltError NAME_INVALID, PATH_INVALID */
  async set(choice: PhotoChoice): Promise<PhotoStatus> {
    if (choice.folder !== undefined) checkPhotoFolder(choice.folder)
    const next: PhotoSettings = { ...this.#settings, ...choice }
    if (next.on && next.folder === null) next.folder = await this.#newFolder()
    await writePhotoSettings(this.#options.platform.data, next)
    const begins = next.on && !this.#settings.on
    this.#settings = next
    this.#failures = 0
    if (begins) await this.#askUnlessGiven()
    this.#wake()
    return this.status()
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  askAccess(): Promise<boolean> {
    return this.#options.media.askAccess()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unwatch()
    this.#callOff()
    this.#stop = new Wait('pause')
    await this.#running
  }

  async #newFolder(): Promise<string> {
    const { phone } = await this.#options.media.state()
    return folderForPhone(this.#options.volume.current(), phone)
  }

  async #askUnlessGiven(): Promise<void> {
    this.#phone = await this.#options.media.state()
    if (this.#phone.access === 'none') await this.#options.media.askAccess()
  }

  #wakeSoon(): void {
    this.#callOff()
    this.#callOff = this.#clock.after(SETTLE_MS, () => this.#wake())
  }

  #wake(): void {
    this.#callOff()
    this.#stop = this.#obstacle()
    if (this.#isClosed || !this.#settings.on) return
    if (this.#running !== null) this.#again = true
    else
      this.#running = this.#run().finally(() => {
        this.#running = null
        const again = this.#again
        this.#again = false
        if (again) this.#wake()
      })
  }

  /** What keeps it from going on at this moment; null: nothing. */
  #obstacle(): Wait | null {
    const { on, paused, network, charging } = this.#settings
    const { media } = this.#options
    const now = media.conditions()
    if (this.#isClosed || !on || paused) return new Wait('pause')
    if (charging && !now.charging) return new Wait('charging')
    if ((network === 'wifi' && !now.wifi) || (network === 'unmetered' && now.metered)) return new Wait('network')
    return null
  }

  async #run(): Promise<void> {
    this.#waitsFor = null
    try {
      this.#mayGoOn()
      const phone = await this.#options.media.state()
      this.#phone = phone
      if (phone.access === 'none') throw new Wait('access')
      const volumes = phone.volumes.filter(({ name }) => nameProblem(name) === null && name !== 'partial')
      if (volumes.length === 0) throw new Wait('volume')
      const failed = (await this.#through(volumes, phone)) > 0
      await this.#shelf.dropPartial()
      this.#problem = null
      if (failed) throw new HoltError('IO_FAILED', 'some pictures could not be read')
      this.#failures = 0
    } catch (error) {
      this.#endedBy(error)
    } finally {
      this.#current = null
    }
  }

  #endedBy(error: unknown): void {
    if (error instanceof Wait) {
      this.#waitsFor = error.reason
      return
    }
    const { code, message } = toHoltError(error)
    if (this.#isClosed) return
    this.#problem = code
    this.#waitsFor = code === 'DISK_FULL' ? 'space' : code === 'NOT_AUTHORIZED' ? 'access' : 'trouble'
    this.#options.platform.log('warn', `pictures of the phone: ${message} (${code})`)
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++)
    this.#callOff()
    this.#callOff = this.#clock.after(delayMs, () => this.#wake())
  }

  /** @returns how many could not be read. */
  async #through(volumes: readonly MediaVolume[], { access }: MediaState): Promise<number> {
    const { videos } = this.#settings
    const cursors = new Map<MediaVolume, Cursor>()
    for (const volume of volumes) cursors.set(volume, await this.#shelf.cursor(volume, { access, videos }))
    this.#left = 0
    for (const [{ name }, after] of cursors) this.#left += await this.#options.media.count(name, { after, videos })
    let failed = 0
    for (const [volume, begun] of cursors) {
      const tries = await this.#shelf.later(volume.name)
      let cursor = await this.#take(volume, {
        cursor: begun,
        items: tries.map(({ item }) => item),
        tries: new Map(tries.map((one) => [one.item.id, one.tries])),
      })
      for (;;) {
        this.#mayGoOn()
        const items = await this.#options.media.list(volume.name, { after: cursor, videos, limit: PAGE })
        if (items.length === 0) break
        cursor = await this.#take(volume, { cursor, items, tries: null })
      }
      failed += (await this.#shelf.later(volume.name)).length
    }
    return failed
  }

  /** @param page `tries`: of items that could not be read before; null: they are new, and the cursor follows them. */
  async #take(
    volume: MediaVolume,
    page: { cursor: Cursor; items: readonly MediaItem[]; tries: ReadonlyMap<number, number> | null },
  ): Promise<Cursor> {
    const { store } = this.#options
    let { cursor } = page
    for (let from = 0; from < page.items.length; ) {
      const session = store.beginWriting()
      try {
        const taken: Taken[] = []
        for (let bytes = 0; from < page.items.length && taken.length < MOST_FILES && bytes < MOST_BYTES; from++) {
          const item = page.items[from] as MediaItem
          this.#mayGoOn()
          const one = await this.#takeOne(volume, item, page.tries?.get(item.id) ?? 0)
          taken.push(one)
          if (one.kind === 'file') bytes += item.sizeBytes
        }
        const last = page.items[from - 1] as MediaItem
        const place = page.tries === null ? last : null
        cursor = await this.#shelf.keep(volume.name, { cursor, place, folder: this.#settings.folder as string, taken })
        if (place !== null && this.#left !== null) this.#left = Math.max(0, this.#left - taken.length)
      } finally {
        session.end()
      }
    }
    return cursor
  }

  async #takeOne(volume: MediaVolume, item: MediaItem, tries: number): Promise<Taken> {
    if (tries === 0 && (await this.#shelf.isSeen(volume.name, item))) return { kind: 'same', item }
    try {
      const { sizeBytes, digest, entry } = await this.#read(volume, item)
      // what is being written, or was cut off; when it is so again it is what it is
      if (sizeBytes !== item.sizeBytes && tries === 0) return { kind: 'failed', item, tries: 1 }
      return entry === null ? { kind: 'known', item, digest } : { kind: 'file', item, digest, entry }
    } catch (error) {
      const { code } = toHoltError(error)
      if (error instanceof Wait || (code !== 'NOT_FOUND' && code !== 'IO_FAILED')) throw error
      await this.#stillThere(volume)
      // removed on the phone before it could be read: that is known only while its volume answers
      if (code === 'NOT_FOUND' && tries > 0) return { kind: 'gone', item }
      return { kind: 'failed', item, tries: tries + 1 }
    } finally {
      this.#current = null
    }
  }

  async #read(volume: MediaVolume, item: MediaItem) {
    const { media, store, volume: tree, platform } = this.#options
    const reader = new PhotoReader({
      media,
      shelf: this.#shelf,
      volume: tree,
      store,
      crypto: platform.crypto,
      pool: platform.pool,
      mayGoOn: () => this.#mayGoOn(),
      onProgress: (doneBytes) => {
        this.#current = { name: item.name, doneBytes, sizeBytes: item.sizeBytes }
      },
    })
    return reader.read(volume, item, await tree.current().redundancyClass(this.#settings.folder as string))
  }

  /** One file that cannot be read is one thing, a card that was taken out another. */
  async #stillThere({ name, database }: MediaVolume): Promise<void> {
    const { access, volumes } = await this.#options.media.state()
    if (access === 'none') throw new Wait('access')
    if (!volumes.some((one) => one.name === name && one.database === database)) throw new Wait('volume')
  }

  #mayGoOn(): void {
    if (this.#isClosed) throw new Wait('pause')
    if (this.#stop !== null) throw this.#stop
  }
}
