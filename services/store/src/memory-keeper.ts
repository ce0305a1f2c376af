import type { Disk, DiskFile } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import type { KeptPack, MirrorCheck, PackId, PackKeeper, SealedPack } from './pack-keeper.ts'

interface Kept {
  pack: SealedPack
  /** The first is what plain reads see. */
  copies: Uint8Array[]
}

/** What happened to the keeper, and at which `position` of the local disk's record. */
type Step = { position: number } & (
  | { kind: 'spread'; pack: SealedPack; bytes: Uint8Array }
  | { kind: 'mirror'; id: PackId; offset: number; bytes: Uint8Array }
  | { kind: 'drop'; id: PackId }
)

/** A PackKeeper for tests: keeps whole copies of each pack, one or two of which a test may lose or damage. */
export class MemoryKeeper implements PackKeeper {
  readonly suspected: PackId[] = []
  /** False: too few drives answer, `spread` and `mirror` fail. */
  hasDrives = true
  /** Awaited by `spread` before anything is kept: stands for slow drives. */
  spreading: Promise<void> = Promise.resolve()
  spreadCount = 0
  readonly #copies: number
  readonly #needed: number
  readonly #position: () => number
  readonly #packs = new Map<PackId, Kept>()
  readonly #mirrors = new Map<PackId, Uint8Array>()
  readonly #steps: Step[] = []

  /** @param options `needed`: with fewer copies a pack cannot be read. `position`: of a CrashDisk, so that `asOf` can tell what was kept at a cut. `base`: what is kept at the beginning. */
  constructor(options: { copies?: number; needed?: number; position?: () => number; base?: MemoryKeeper } = {}) {
    this.#copies = options.copies ?? 2
    this.#needed = options.needed ?? 1
    this.#position = options.position ?? (() => 0)
    if (options.base) for (const step of options.base.#steps) this.#do({ ...step, position: 0 })
  }

  /** A keeper in the state this one had at a position of the disk's record. */
  asOf(position: number): MemoryKeeper {
    const past = new MemoryKeeper({ copies: this.#copies, needed: this.#needed })
    for (const step of this.#steps) if (step.position <= position) past.#do(step)
    return past
  }

  packs(): KeptPack[] {
    return [...this.#packs.values()]
      .filter(({ copies }) => copies.length > 0)
      .map(({ pack, copies }) => ({ ...pack, dataFragments: this.#needed, totalFragments: this.#copies, presentFragments: copies.length }))
  }

  async spread(pack: SealedPack, source: { disk: Disk; path: string }): Promise<{ consumed: boolean; kept: KeptPack }> {
    await this.spreading
    this.#needDrives()
    const bytes = await readWhole(source)
    if (bytes.length !== pack.sizeBytes) throw new RangeError('a sealed pack has the size it says')
    this.spreadCount++
    this.#do({ position: this.#position(), kind: 'spread', pack, bytes })
    return { consumed: false, kept: this.packs().find(({ id }) => id === pack.id) as KeptPack }
  }

  async mirror(id: PackId, offset: number, bytes: Uint8Array): Promise<void> {
    this.#needDrives()
    const sizeBytes = this.#mirrors.get(id)?.length ?? 0
    if (offset > sizeBytes) throw new HoltError('DRIVE_MISSING', 'no drive has the beginning of the pack', { sizeBytes })
    this.#do({ position: this.#position(), kind: 'mirror', id, offset, bytes: bytes.slice() })
  }

  async mirrored(): Promise<{ id: PackId; sizeBytes: number }[]> {
    return [...this.#mirrors].map(([id, bytes]) => ({ id, sizeBytes: bytes.length }))
  }

  async readMirror(id: PackId, offset: number, length: number, { attempt = 0 }: { attempt?: number } = {}): Promise<Uint8Array | null> {
    const bytes = this.#mirrors.get(id)?.slice(offset, offset + length)
    return attempt === 0 && bytes?.length === length ? bytes : null
  }

  async checkMirror(id: PackId, offset: number, bytes: Uint8Array): Promise<MirrorCheck> {
    const copy = this.#mirrors.get(id)?.subarray(offset, offset + bytes.length)
    if (!copy) return { wrong: [], lacking: Number(this.hasDrives) }
    return { wrong: equalBytes(copy, bytes) ? [] : [`the mirror of ${id}`], lacking: 0 }
  }

  async read(id: PackId, offset: number, length: number, options: { doubt?: { attempt: number } } = {}): Promise<Uint8Array | null> {
    const copy = options.doubt ? 1 + options.doubt.attempt : 0
    const { copies = [] } = this.#packs.get(id) ?? {}
    return copies.length < this.#needed ? null : (copies[copy]?.slice(offset, offset + length) ?? null)
  }

  place(): null {
    return null
  }

  suspect(id: PackId): void {
    this.suspected.push(id)
  }

  async drop(id: PackId): Promise<void> {
    this.#do({ position: this.#position(), kind: 'drop', id })
  }

  /** Flips bits in one copy of a pack. */
  flip(id: PackId, offset: number, copy = 0): void {
    const bytes = this.#packs.get(id)?.copies[copy] as Uint8Array
    bytes[offset] = (bytes[offset] as number) ^ 0x10
  }

  /** Loses copies of a pack; all of them by default. */
  lose(id: PackId, count = this.#copies): void {
    this.#packs.get(id)?.copies.splice(0, count)
  }

  /** As when the drives that had them were taken away. */
  loseMirrors(): void {
    this.#mirrors.clear()
  }

  #needDrives(): void {
    if (!this.hasDrives) throw new HoltError('NOT_ENOUGH_DRIVES', 'no drive answers')
  }

  #do(step: Step): void {
    this.#steps.push(step)
    this.#apply(step)
  }

  #apply(step: Step): void {
    if (step.kind === 'spread') {
      this.#packs.set(step.pack.id, { pack: step.pack, copies: Array.from({ length: this.#copies }, () => step.bytes.slice()) })
      this.#mirrors.delete(step.pack.id)
    } else if (step.kind === 'drop') {
      this.#packs.delete(step.id)
      this.#mirrors.delete(step.id)
    } else {
      const old = this.#mirrors.get(step.id) ?? new Uint8Array()
      const bytes = new Uint8Array(Math.max(old.length, step.offset + step.bytes.length))
      bytes.set(old)
      bytes.set(step.bytes, step.offset)
      this.#mirrors.set(step.id, bytes)
    }
  }
}

async function readWhole({ disk, path }: { disk: Disk; path: string }): Promise<Uint8Array> {
  const file = (await disk.open(path, { readOnly: true })) as DiskFile
  try {
    return await file.read(0, await file.size())
  } finally {
    await file.close()
  }
}
