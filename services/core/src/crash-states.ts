import type { MemoryDisk } from './memory-disk.ts'
import { folderOf } from './replace-file.ts'

const SECTOR_BYTES = 512

/** One thing done to a disk. A sync covers the operations of its file or folder before `upTo`, where it began. */
export type RecordedOperation =
  | { kind: 'write'; file: number; offset: number; bytes: Uint8Array }
  | { kind: 'truncate'; file: number; sizeBytes: number }
  | { kind: 'sync'; file: number; upTo: number }
  | { kind: 'link'; path: string; file: number; from: string | null }
  | { kind: 'unlink'; path: string }
  | { kind: 'folder'; path: string }
  | { kind: 'syncFolder'; path: string; upTo: number }

type Write = RecordedOperation & { kind: 'write' }

/** How much of an operation reached the drive; for writes also by sector, counted from the write's first. */
type Fate = boolean | 'size only' | ((sector: number) => boolean)

export interface Recording {
  base: MemoryDisk
  /** What `base` held, by file number = place in this list. */
  baseFiles: readonly string[]
  operations: readonly RecordedOperation[]
}

/**
 * The states a power cut after the first `cut` operations may leave. What no sync covers may be there or not, whatever became of
 * what was done before and after it: all combinations while there are at most 2^`exhaustiveBits`, else each first part, each one
 * missing and each one alone. Besides, each uncovered write torn at the bounds of sectors, and with its length but not its bytes.
 */
export function* crashStates(recording: Recording, cut: number, options: { exhaustiveBits?: number } = {}): Generator<MemoryDisk> {
  const open = uncovered(recording.operations, cut)
  const state = (fateOf: (at: number) => Fate) => stateWith(recording, cut, open, fateOf)
  for (const kept of subsets([...open], options.exhaustiveBits ?? 6)) yield state((at) => kept.has(at))
  for (const torn of open) {
    const operation = recording.operations[torn] as RecordedOperation
    if (operation.kind !== 'write') continue
    for (const fate of tears(operation)) {
      yield state((at) => (at === torn ? fate : true))
      yield state((at) => (at === torn ? fate : false))
    }
  }
}

/** One legal state, chosen by `random` (numbers from 0 to 1), each sector for itself. */
export function randomCrashState(recording: Recording, cut: number, random: () => number): MemoryDisk {
  const leaning = random()
  const fateOf = (): Fate => {
    const kind = random()
    return kind < 0.35 ? true : kind < 0.65 ? false : kind < 0.7 ? 'size only' : () => random() < leaning
  }
  return stateWith(recording, cut, uncovered(recording.operations, cut), fateOf)
}

/** Places of the operations before `cut` that no sync covers which ended before `cut`. */
function uncovered(operations: readonly RecordedOperation[], cut: number): Set<number> {
  const fileCover = new Map<number, number>()
  const folderCover = new Map<string, number>()
  for (const operation of operations.slice(0, cut)) {
    if (operation.kind === 'sync') fileCover.set(operation.file, Math.max(operation.upTo, fileCover.get(operation.file) ?? 0))
    if (operation.kind === 'syncFolder') folderCover.set(operation.path, Math.max(operation.upTo, folderCover.get(operation.path) ?? 0))
  }
  const isNamed = (path: string, at: number): boolean => (folderCover.get(folderOf(path)) ?? 0) > at
  const open = new Set<number>()
  for (let at = 0; at < cut; at++) {
    const operation = operations[at] as RecordedOperation
    if (operation.kind === 'write' || operation.kind === 'truncate') {
      if ((fileCover.get(operation.file) ?? 0) <= at) open.add(at)
    } else if (operation.kind === 'link') {
      if (!isNamed(operation.path, at) || !isNamed(operation.from ?? operation.path, at)) open.add(at)
    } else if (operation.kind === 'unlink' && !isNamed(operation.path, at)) open.add(at)
  }
  return open
}

function* subsets(of: readonly number[], exhaustiveBits: number): Generator<Set<number>> {
  if (of.length <= exhaustiveBits) {
    for (let bits = 0; bits < 2 ** of.length; bits++) yield new Set(of.filter((_, i) => (bits >> i) & 1))
    return
  }
  for (let length = 0; length <= of.length; length++) yield new Set(of.slice(0, length))
  for (const one of of) {
    yield new Set([one])
    yield new Set(of.filter((other) => other !== one))
  }
}

/** Bounded: for a long write only the first, middle and last bounds of sectors. */
function tears(write: Write): Fate[] {
  const count = sectorCount(write)
  const bounds = new Set([1, 2, count >> 1, count - 2, count - 1].filter((bound) => bound > 0 && bound < count))
  return ['size only', ...[...bounds].flatMap((bound): Fate[] => [(sector) => sector < bound, (sector) => sector >= bound])]
}

function sectorCount(write: Write): number {
  return Math.ceil((write.offset + write.bytes.length) / SECTOR_BYTES) - Math.floor(write.offset / SECTOR_BYTES)
}

function stateWith(recording: Recording, cut: number, open: Set<number>, fateOf: (at: number) => Fate): MemoryDisk {
  const state = new CutState(recording)
  for (let at = 0; at < cut; at++) state.apply(recording.operations[at] as RecordedOperation, open.has(at) ? fateOf(at) : true)
  return state.toDisk()
}

/** Names and contents apart: a name may be lost while the content is not, and the other way round. */
class CutState {
  readonly #disk: MemoryDisk
  readonly #baseFiles: readonly string[]
  readonly #names = new Map<string, number>()
  readonly #contents = new Map<number, Uint8Array>()
  readonly #changed = new Set<number>()

  constructor({ base, baseFiles }: Recording) {
    this.#disk = base.copy()
    this.#baseFiles = baseFiles
    for (const [number, path] of baseFiles.entries()) {
      this.#names.set(path, number)
      this.#contents.set(number, base.viewOf(path) as Uint8Array)
    }
  }

  apply(operation: RecordedOperation, fate: Fate): void {
    if (fate === false) return
    if (operation.kind === 'folder') this.#disk.addFolder(operation.path)
    else if (operation.kind === 'unlink') this.#names.delete(operation.path)
    else if (operation.kind === 'link') this.#link(operation)
    else if (operation.kind === 'truncate') this.#resize(operation.file, operation.sizeBytes)
    else if (operation.kind === 'write') this.#write(operation, fate)
  }

  toDisk(): MemoryDisk {
    for (const path of this.#baseFiles) if (!this.#names.has(path)) this.#disk.set(path, null)
    for (const [path, number] of this.#names)
      if (this.#baseFiles[number] !== path || this.#changed.has(number))
        this.#disk.set(path, this.#contents.get(number) ?? new Uint8Array())
    return this.#disk
  }

  #link({ path, file, from }: RecordedOperation & { kind: 'link' }): void {
    if (from !== null && this.#names.get(from) === file) this.#names.delete(from)
    this.#names.set(path, file)
  }

  #resize(file: number, sizeBytes: number): Uint8Array {
    const resized = new Uint8Array(sizeBytes)
    resized.set((this.#contents.get(file) ?? new Uint8Array()).subarray(0, sizeBytes))
    this.#contents.set(file, resized)
    this.#changed.add(file)
    return resized
  }

  #write(write: Write, fate: Fate): void {
    const old = this.#contents.get(write.file)?.length ?? 0
    const { offset, bytes } = write
    const first = Math.floor(offset / SECTOR_BYTES)
    const content = this.#resize(write.file, Math.max(old, offset + bytes.length))
    for (let sector = 0; sector < sectorCount(write); sector++) {
      if (fate === 'size only' || (typeof fate === 'function' && !fate(sector))) continue
      const from = Math.max(offset, (first + sector) * SECTOR_BYTES)
      const to = Math.min(offset + bytes.length, (first + sector + 1) * SECTOR_BYTES)
      content.set(bytes.subarray(from - offset, to - offset), from)
    }
  }
}
