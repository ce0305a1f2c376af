import { MAX_THUMBNAIL_BYTES } from '@holt/control/thumbnails.ts'
import { thumbnailTypeOf } from '@holt/control/picture-type.ts'
import { concatBytes } from '@holt/core/bytes.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { BlockStore } from '@holt/store/types.ts'
import { createFileWriter } from '@holt/tree/file-writer.ts'
import type { TreeEntry, Volume } from '@holt/tree/types.ts'
import { timeOfSeconds } from '../entries.ts'
import { HIDDEN } from './hidden-area.ts'

const THUMBNAILS = `${HIDDEN}/thumbnails`
/** A folder of many pictures is looked at as a whole: one commit for all that come within a moment. */
const GATHERED_MS = 400
const GATHERED = 64

export interface ThumbnailContext {
  /** Hidden area and all. */
  volume: Volume
  store: BlockStore
  crypto: Crypto
  now(): number
  /** Pictures in one generation; there are two. */
  generationSize?: number
}

interface Waiting {
  pictures: Map<string, Uint8Array>
  stored: Promise<void>
  begin: () => void
}

/**
 * Small pictures of files, named by the content they are of: a file that changes has none until one is made anew. They lie in two
 * generations; when the younger is full the older goes, in one edit, so that there is never more than twice a generation.
 */
export class Thumbnails {
  readonly #context: ThumbnailContext
  readonly #generationSize: number
  #waiting: Waiting | null = null
  #storing: Promise<void> = Promise.resolve()
  /** How many are in the youngest generation; null: not counted yet. */
  #young: { number: number; count: number } | null = null
  #closed = false

  constructor(context: ThumbnailContext) {
    this.#context = context
    this.#generationSize = context.generationSize ?? 50_000
  }

  /** @returns null when none is kept, or what is kept is no picture. */
  async get(content: string): Promise<Uint8Array | null> {
    const waiting = this.#waiting?.pictures.get(content)
    if (waiting) return waiting
    const snapshot = this.#context.volume.current()
    for (const generation of (await this.#generations()).reverse()) {
      const path = `${THUMBNAILS}/${generation}/${content}`
      const entry = await snapshot.stat(path)
      if (entry?.t !== 'f' || entry.z > MAX_THUMBNAIL_BYTES) continue
      const parts: Uint8Array[] = []
      for await (const bytes of (await snapshot.openFile(path)).stream()) parts.push(bytes.slice())
      const picture = concatBytes(parts)
      if (thumbnailTypeOf(picture) !== null) return picture
    }
    return null
  }

  /** Is kept when it resolves. @throws HoltError INPUT_INVALID, TOO_LARGE. */
  put(content: string, picture: Uint8Array): Promise<void> {
    if (!/^[a-z0-9]{8,128}$/.test(content)) throw new HoltError('INPUT_INVALID', 'this names no content', { field: 'content' })
    if (picture.length > MAX_THUMBNAIL_BYTES) throw new HoltError('TOO_LARGE', 'a small picture is smaller', { limit: MAX_THUMBNAIL_BYTES })
    if (thumbnailTypeOf(picture) === null) throw new HoltError('INPUT_INVALID', 'this is neither JPEG nor WebP', { field: 'base64' })
    if (this.#closed) throw new HoltError('NODE_STOPPING', 'the node is stopping')
    const waiting = (this.#waiting ??= this.#gather())
    waiting.pictures.set(content, picture)
    if (waiting.pictures.size >= GATHERED) waiting.begin()
    return waiting.stored
  }

  /** Removes all of them. */
  async clear(): Promise<void> {
    await this.#settled()
    await this.#context.volume.edit(async (edit) => {
      if ((await edit.stat(THUMBNAILS)) !== null) await edit.remove(THUMBNAILS, { recursive: true })
    })
    this.#young = null
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#settled()
  }

  async #settled(): Promise<void> {
    this.#waiting?.begin()
    await this.#storing.catch(() => {})
  }

  #gather(): Waiting {
    const pictures = new Map<string, Uint8Array>()
    let begin = (): void => {}
    const gathered = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHERED_MS)
      begin = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    const earlier = this.#storing.catch(() => {})
    const stored = gathered.then(async () => {
      if (this.#waiting?.pictures === pictures) this.#waiting = null
      await earlier
      await this.#store(pictures)
    })
    stored.catch(() => {}) // met by those who put
    this.#storing = stored
    return { pictures, stored, begin }
  }

  async #store(pictures: Map<string, Uint8Array>): Promise<void> {
    const { volume, store, crypto, now } = this.#context
    const session = store.beginWriting()
    try {
      const young = await this.#room(pictures.size)
      const files: { name: string; entry: TreeEntry }[] = []
      for (const [name, bytes] of pictures) {
        const writer = createFileWriter({ store, crypto, mode: 0o600, time: timeOfSeconds(now() / 1000), chunkLog2: 16 })
        await writer.write(bytes)
        files.push({ name, entry: await writer.close() })
      }
      const oldest = (await this.#generations()).filter((number) => number < young.number - 1)
      await volume.edit(async (edit) => {
        for (const number of oldest) await edit.remove(`${THUMBNAILS}/${number}`, { recursive: true })
        await edit.makeDirectory(`${THUMBNAILS}/${young.number}`, { parents: true, mode: 0o700 })
        await edit.putEntries(`${THUMBNAILS}/${young.number}`, files)
      })
      this.#young = { number: young.number, count: young.count + files.length }
    } finally {
      session.end()
    }
  }

  /** The generation that these go to. */
  async #room(count: number): Promise<{ number: number; count: number }> {
    const young = this.#young ?? (await this.#countYoungest())
    if (young.count === 0 || young.count + count <= this.#generationSize) return young
    return { number: young.number + 1, count: 0 }
  }

  async #countYoungest(): Promise<{ number: number; count: number }> {
    const number = (await this.#generations()).at(-1)
    if (number === undefined) return { number: 1, count: 0 }
    const snapshot = this.#context.volume.current()
    let count = 0
    let after: string | undefined
    for (let more = true; more; ) {
      const page = await snapshot.list(`${THUMBNAILS}/${number}`, { after, limit: 10_000 })
      count += page.entries.length
      after = page.entries.at(-1)?.name
      ;({ more } = page)
    }
    return { number, count }
  }

  /** Oldest first. */
  async #generations(): Promise<number[]> {
    const snapshot = this.#context.volume.current()
    if ((await snapshot.stat(THUMBNAILS))?.t !== 'd') return []
    const { entries } = await snapshot.list(THUMBNAILS, { limit: 100 })
    return entries
      .filter(({ name, entry }) => entry.t === 'd' && /^[1-9][0-9]{0,14}$/.test(name))
      .map(({ name }) => Number(name))
      .sort((a, b) => a - b)
  }
}
