import { GROUP_BYTES, groupCount, hashGroup, HASH_BYTES } from '@holt/core/blake3-tree.ts'
import { equalBytes, fromHex, toHex } from '@holt/core/bytes.ts'
import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { HoltError, isHoltError } from '@holt/core/errors.ts'
import type { Principal } from '@holt/core/principal.ts'
import { REPLACEMENT_SUFFIX } from '@holt/core/replace-file.ts'
import type { Agreement, Release } from './agreement.ts'
import { decodeHeld, type HeldRecord } from './held-record.ts'
import { folderOf, HELD_FOLDER, HeldRecords, recordPath } from './held-records.ts'
import { OpenFiles } from './open-files.ts'

/** What is known of a fragment without reading its record. */
export interface Held {
  agreement: Agreement
  shardBytes: number
  complete: boolean
  /** `made` of the release, when it was released. */
  released: number | null
  /** Bytes of the shard that are there and right; null: not looked at yet. */
  have: number | null
}

const CONTENT_SUFFIX = '.fragment'
/** Files of fragments that are being brought or read. */
const MOST_OPEN = 16
/** Read at once when all is checked. */
const CHECKED_BYTES = 4 * GROUP_BYTES

/**
 * Fragments that are kept for others, on a disk: for each a record, and the fragment itself as a file like those on drives. Knows nothing of
 * who may do what: see `FragmentsHolder`. Not to be called twice at once about one owner, but for `read`.
 *
 * The record is written before the first byte of content, and says last that all of it is durable. So whatever a power cut leaves can be
 * gone on with, and bytes that are not as the giver signed them count as not there.
 */
export class HeldFragments {
  readonly #disk: Disk
  readonly #records: HeldRecords
  readonly #files: OpenFiles
  readonly #held = new Map<string, Map<string, Held>>()

  private constructor(disk: Disk) {
    this.#disk = disk
    this.#records = new HeldRecords(disk)
    this.#files = new OpenFiles(disk, MOST_OPEN)
  }

  /** A record that is damaged is told and left as it is: its giver will find out, and give the fragment again. */
  static async open(disk: Disk, warn: (text: string) => void): Promise<HeldFragments> {
    const held = new HeldFragments(disk)
    for (const owner of (await disk.list(HELD_FOLDER)) ?? []) if (/^[0-9a-f]{64}$/.test(owner)) await held.#openOwner(owner, warn)
    return held
  }

  /** No file stays open. */
  close(): void {
    this.#files.close()
  }

  of(owner: Principal): Held[] {
    return [...(this.#held.get(toHex(owner))?.values() ?? [])]
  }

  owners(): Principal[] {
    return [...this.#held.keys()].map((owner) => fromHex(owner) as Principal)
  }

  get(owner: Principal, fragment: Uint8Array): Held | null {
    return this.#held.get(toHex(owner))?.get(toHex(fragment)) ?? null
  }

  /** Bytes that are promised to an owner, there already or not. */
  promisedBytes(owner: Principal): number {
    return this.of(owner).reduce((sum, { agreement, released }) => sum + (released === null ? agreement.sizeBytes : 0), 0)
  }

  /** Bytes that are promised to anybody and not written yet. */
  get awaitedBytes(): number {
    let sum = 0
    for (const owner of this.#held.values())
      for (const { agreement, complete, released, have } of owner.values())
        if (!complete && released === null) sum += agreement.sizeBytes - (have ?? 0)
    return sum
  }

  /** Durable when it resolves. What is there of the fragment stays. */
  async promise(agreement: Agreement, { tail, groups }: { tail: Uint8Array; groups: Uint8Array }): Promise<Held> {
    const known = this.get(agreement.giver, agreement.fragment)
    const kept = known?.released === null ? known : null
    await this.#disk.makeFolder(folderOf(agreement.giver))
    await this.#records.write({ agreement, tail, groups, complete: kept?.complete ?? false, release: null })
    if (kept !== null) return Object.assign(kept, { agreement })
    return this.#remember({ agreement, shardBytes: agreement.sizeBytes - tail.length, complete: false, released: null, have: 0 })
  }

  /** The same fragment, by a newer agreement. Durable when it resolves. */
  async prolong(held: Held, agreement: Agreement): Promise<Held> {
    await this.#records.write({ ...(await this.#records.read(held.agreement)), agreement, complete: held.complete })
    return Object.assign(held, { agreement })
  }

  /** Bytes of the shard that are there and right. */
  async have(held: Held): Promise<number> {
    if (held.complete) return held.shardBytes
    // the last group is asked for again: with it comes the tail
    held.have ??= Math.min(await this.#goodStart(held), (groupCount(held.shardBytes) - 1) * GROUP_BYTES)
    return held.have
  }

  /**
   * Takes the next groups of the shard. Durable when it resolves with the whole.
   *
   * @throws HoltError MALFORMED for bytes that are not those that were agreed on; DISK_FULL, IO_FAILED.
   */
  async put(held: Held, offset: number, bytes: Uint8Array): Promise<number> {
    const have = await this.have(held)
    if (offset !== have || held.complete) return have
    const end = offset + bytes.length
    const isWhole = bytes.length > 0 && (bytes.length % GROUP_BYTES === 0 ? end <= held.shardBytes : end === held.shardBytes)
    if (!isWhole) throw new HoltError('MALFORMED', 'a fragment comes in whole groups', { offset, length: bytes.length })
    const record = await this.#records.read(held.agreement)
    if (countGood(record, held, { offset, bytes }) < Math.ceil(bytes.length / GROUP_BYTES))
      throw new HoltError('MALFORMED', 'what came is not the fragment that was agreed on', { offset })
    await this.#writeContent(record, held, { offset, bytes })
    held.have = end
    if (end < held.shardBytes) return end
    await this.#records.write({ ...record, complete: true })
    held.complete = true
    return end
  }

  /**
   * As it lies on the disk, with what proves it: whoever asks has to check it anyhow.
   *
   * @returns null when it is not there (any more): then it counts as not wholly there, and can be given again.
   */
  async read(held: Held, from: number, to: number): Promise<{ bytes: Uint8Array; proof: Uint8Array } | null> {
    if (!held.complete || held.released !== null) return null
    const record = await this.#records.read(held.agreement)
    const [start, end] = [from * GROUP_BYTES, Math.min(to * GROUP_BYTES, held.shardBytes)]
    const path = contentPath(held.agreement)
    const bytes = await this.#files.using(path, async (file) => (await file?.read(start, end - start)) ?? new Uint8Array(0))
    if (bytes.length === end - start) return { bytes, proof: record.tree.prove({ from, to, count: groupCount(held.shardBytes) }) }
    await this.#noteDamage(held)
    return null
  }

  /** Reads what is wholly there again. @returns bytes of the shard that are there and right: what is not can be given again. */
  async recheck(held: Held): Promise<number> {
    if (!held.complete) return this.have(held)
    const good = await this.#goodStart(held)
    if (good === held.shardBytes) return good
    await this.#noteDamage(held)
    return this.have(held)
  }

  /** After what may have come meanwhile: nothing that was released is written down anew. */
  async #noteDamage(held: Held): Promise<void> {
    if (!held.complete || held.released !== null || this.get(held.agreement.giver, held.agreement.fragment) !== held) return
    held.complete = false
    held.have = null
    const { tail, groups } = await this.#records.read(held.agreement)
    await this.#records.write({ agreement: held.agreement, tail, groups, complete: false, release: null })
  }

  async tail(held: Held): Promise<Uint8Array> {
    return (await this.#records.read(held.agreement)).tail
  }

  /** Durably gone when it resolves; that it was released is remembered. */
  async release(held: Held, release: Release): Promise<void> {
    const none = new Uint8Array(0)
    await this.#records.write({ agreement: held.agreement, tail: none, groups: none, complete: false, release })
    Object.assign(held, { complete: false, have: 0, released: release.made })
    await this.#removeContent(held)
  }

  /** As if it had never been there. */
  async forget(held: Held): Promise<void> {
    const { giver, fragment } = held.agreement
    await this.#removeContent(held)
    await this.#records.remove(held.agreement)
    await this.#disk.syncFolder(folderOf(giver))
    this.#held.get(toHex(giver))?.delete(toHex(fragment))
  }

  async #removeContent({ agreement }: Held): Promise<void> {
    this.#files.forget(contentPath(agreement))
    await this.#disk.remove(contentPath(agreement))
    await this.#disk.syncFolder(folderOf(agreement.giver))
  }

  /** With the last group the tail, and all of it synced. After a failed sync nobody knows what is there. */
  async #writeContent({ tail }: HeldRecord, held: Held, { offset, bytes }: { offset: number; bytes: Uint8Array }): Promise<void> {
    const { agreement, shardBytes } = held
    const write = async (file: DiskFile | null): Promise<void> => {
      if (file === null) throw new TypeError('a disk must open what it was told to create')
      await file.write(offset, bytes)
      if (offset + bytes.length < shardBytes) return
      await file.write(shardBytes, tail)
      await file.truncate(agreement.sizeBytes)
      await file.sync().catch((error: unknown) => {
        held.have = 0
        throw error
      })
    }
    await this.#files.using(contentPath(agreement), write, { create: true })
    if (offset + bytes.length < shardBytes) return
    await this.#disk.syncFolder(folderOf(agreement.giver))
  }

  async #goodStart(held: Held): Promise<number> {
    const record = await this.#records.read(held.agreement)
    return this.#files.using(contentPath(held.agreement), async (file) => {
      for (let offset = 0; file !== null && offset < held.shardBytes; offset += CHECKED_BYTES) {
        const wanted = Math.min(CHECKED_BYTES, held.shardBytes - offset)
        const bytes = await file.read(offset, wanted)
        const good = countGood(record, held, { offset, bytes }) * GROUP_BYTES
        if (good < wanted) return offset + good
      }
      return file === null ? 0 : held.shardBytes
    })
  }

  #remember(held: Held): Held {
    const owner = toHex(held.agreement.giver)
    const fragments = this.#held.get(owner) ?? new Map<string, Held>()
    this.#held.set(owner, fragments.set(toHex(held.agreement.fragment), held))
    return held
  }

  async #openOwner(owner: string, warn: (text: string) => void): Promise<void> {
    const folder = `${HELD_FOLDER}/${owner}`
    const names = new Set((await this.#disk.list(folder)) ?? [])
    for (const name of names) if (/^[0-9a-f]{64}$/.test(name)) await this.#openRecord(folder, name, warn)
    // content whose record is not there was never agreed on, or is over
    for (const name of names)
      if (name.endsWith(REPLACEMENT_SUFFIX) || (name.endsWith(CONTENT_SUFFIX) && !names.has(name.slice(0, -CONTENT_SUFFIX.length))))
        await this.#disk.remove(`${folder}/${name}`)
  }

  async #openRecord(folder: string, name: string, warn: (text: string) => void): Promise<void> {
    try {
      const { agreement, tail, complete, release } = decodeHeld((await this.#disk.readFile(`${folder}/${name}`)) ?? new Uint8Array(0))
      if (recordPath(agreement) !== `${folder}/${name}`) throw new HoltError('MALFORMED', 'it lies in the place of another')
      const held = { agreement, complete, released: release?.made ?? null, have: null, shardBytes: agreement.sizeBytes - tail.length }
      if (release !== null) await this.#disk.remove(contentPath(agreement))
      this.#remember(held)
    } catch (error) {
      if (!isHoltError(error)) throw error
      warn(`the record of a fragment that is kept for another is not readable: ${error.message} (${error.code})`)
    }
  }
}

/** How many groups, from the first on, are as their hashes say. */
function countGood({ groups }: HeldRecord, { shardBytes }: Held, { offset, bytes }: { offset: number; bytes: Uint8Array }): number {
  const count = groupCount(shardBytes)
  const first = offset / GROUP_BYTES
  for (let at = 0; at * GROUP_BYTES < bytes.length; at++) {
    const index = first + at
    const hash = hashGroup(bytes.subarray(at * GROUP_BYTES, (at + 1) * GROUP_BYTES), index, count)
    if (!equalBytes(hash, groups.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES))) return at
  }
  return Math.ceil(bytes.length / GROUP_BYTES)
}

function contentPath(agreement: Pick<Agreement, 'giver' | 'fragment'>): string {
  return recordPath(agreement) + CONTENT_SUFFIX
}
