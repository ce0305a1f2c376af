/** Both kinds are of a whole world of their own: `flock` is of an open file, `fcntl` of a process and a range. */
export interface FileLock {
  kind: 'flock' | 'posix'
  owner: string
  isExclusive: boolean
  /** The last byte, too. */
  start: bigint
  end: bigint
  /** Of the process, for who asks. */
  pid: number
}

export type LockRange = Pick<FileLock, 'kind' | 'owner' | 'start' | 'end'>

/** The locks of one file. */
export class LockTable {
  #locks: FileLock[] = []

  get isEmpty(): boolean {
    return this.#locks.length === 0
  }

  /** What keeps this one from being had; null when nothing does. */
  conflict(wanted: FileLock): FileLock | null {
    const isInTheWay = (one: FileLock): boolean =>
      one.kind === wanted.kind && one.owner !== wanted.owner && (one.isExclusive || wanted.isExclusive) && overlap(one, wanted)
    return this.#locks.find(isInTheWay) ?? null
  }

  /** Takes the place of what its owner had of the same range. */
  put(lock: FileLock): void {
    this.clear(lock)
    let { start, end } = lock
    const joins = (one: FileLock): boolean =>
      isOf(one, lock) && one.isExclusive === lock.isExclusive && (one.end === start - 1n || one.start === end + 1n)
    for (const one of this.#locks.filter(joins)) {
      if (one.start < start) start = one.start
      if (one.end > end) end = one.end
    }
    this.#locks = this.#locks.filter((one) => !joins(one))
    this.#locks.push({ ...lock, start, end })
  }

  clear(range: LockRange): void {
    this.#locks = this.#locks.flatMap((one) => {
      if (!isOf(one, range) || !overlap(one, range)) return [one]
      const left = one.start < range.start ? [{ ...one, end: range.start - 1n }] : []
      const right = one.end > range.end ? [{ ...one, start: range.end + 1n }] : []
      return [...left, ...right]
    })
  }

  clearAll(isGone: (owner: string) => boolean): void {
    this.#locks = this.#locks.filter(({ owner }) => !isGone(owner))
  }
}

function isOf(one: FileLock, { kind, owner }: LockRange): boolean {
  return one.kind === kind && one.owner === owner
}

function overlap(a: Pick<FileLock, 'start' | 'end'>, b: Pick<FileLock, 'start' | 'end'>): boolean {
  return a.start <= b.end && b.start <= a.end
}
