import type { DriveInfo, Params, Result } from '@holt/control/schema.ts'
import type { ClassChoice, SpaceHistory } from '@holt/control/storage.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { MemoryTree } from './memory-tree.ts'

const DAY = 86_400

interface World {
  tree: MemoryTree
  drives: readonly DriveInfo[]
}

/** What a `MemoryNode` remembers of its owner's choices about space, and of the years before. */
export class MemoryStorage {
  readonly #world: () => World
  readonly folders = new Map<string, string>()
  retention = { keepAllHours: 24, hourlyDays: 7, dailyDays: 365, trashDays: 30 }
  /** What the history says of the future. */
  forecast: SpaceHistory['forecast'] = { kind: 'full', inSeconds: 128 * DAY }
  /** So many days are known; 0: this is the first. */
  knownDays = 300

  constructor(world: () => World) {
    this.#world = world
  }

  readonly handlers = {
    'space.history': ({ span }: Params<'space.history'>): Result<'space.history'> => this.#history(span),
    'classes.choices': (): Result<'classes.choices'> => {
      const { drives } = this.#world()
      const there = drives.filter(({ state }) => state === 'ok').length
      return { drives: drives.length, missing: drives.length - there, choices: choicesFor(drives.length, there) }
    },
    'classes.folders': (): Result<'classes.folders'> => ({
      folders: [...this.folders].map(([path, redundancyClass]) => ({ path, redundancyClass })),
      after: null,
    }),
    'classes.folder': ({ path }: Params<'classes.folder'>): Result<'classes.folder'> => this.#folder(path),
    'files.setClass': ({ path, redundancyClass }: Params<'files.setClass'>): Result<'files.setClass'> => {
      this.#world().tree.stat(path)
      if (redundancyClass === null) this.folders.delete(path)
      else this.folders.set(path, redundancyClass)
      return {}
    },
    'retention.get': (): Result<'retention.get'> => this.retention,
    'retention.set': ({ trashDays = this.retention.trashDays, ...rules }: Params<'retention.set'>): Result<'retention.set'> => {
      this.retention = { ...rules, trashDays }
      return {}
    },
    'retention.preview': ({ dailyDays }: Params<'retention.preview'>): Result<'retention.preview'> => {
      const versions = 24 + 6 * 24 + this.retention.dailyDays
      const kept = Math.min(versions, 24 + 6 * 24 + dailyDays)
      return {
        versions,
        dropped: versions - kept,
        oldestSeconds: Math.floor(Date.now() / 1000) - dailyDays * DAY,
        trashItems: this.#world().tree.trash.length,
        trashDropped: 0,
      }
    },
  }

  #folder(path: string): Result<'classes.folder'> {
    const { tree } = this.#world()
    if (tree.stat(path).type !== 'directory') throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`)
    const facts = { redundancyClass: this.#classOf(path), ownClass: this.folders.get(path) ?? null, bytes: 0, files: 0, complete: true }
    const look = (folder: string): void => {
      for (const { name, type, sizeBytes } of tree.list(folder, { limit: 100_000 }).entries) {
        if (type === 'directory') look(`${folder === '/' ? '' : folder}/${name}`)
        else if (type === 'file') {
          facts.bytes += sizeBytes
          facts.files++
        }
      }
    }
    look(path)
    return facts
  }

  #classOf(path: string): string {
    const own = this.folders.get(path)
    if (own !== undefined || path === '/') return own ?? 'standard'
    return this.#classOf(path.slice(0, path.lastIndexOf('/')) || '/')
  }

  /** It fills up a little each day, faster in the holidays. */
  #history(span: 'month' | 'years'): SpaceHistory {
    const stepSeconds = span === 'month' ? 3600 : DAY
    const steps = span === 'month' ? 744 : 1098
    const now = Math.floor(Date.now() / 1000 / stepSeconds)
    const total = this.#world().drives.reduce((sum, { totalBytes }) => sum + totalBytes, 0)
    const used = Array.from({ length: steps }, (_, i) => {
      const days = ((now - steps + 1 + i) * stepSeconds - Date.now() / 1000) / DAY
      if (days < -this.knownDays - 1) return null
      return Math.round(total * Math.max(0.05, 0.62 + 0.0016 * days + 0.03 * Math.sin(days / 40) + 0.004 * Math.sin(days / 5)))
    })
    return {
      startTime: (now - steps + 1) * stepSeconds,
      stepSeconds,
      total: used.map((one) => (one === null ? null : total)),
      free: used.map((one) => (one === null ? null : total - one)),
      fragments: used.map((one) => (one === null ? null : Math.round(0.9 * one))),
      forecast: this.forecast,
    }
  }
}

function choicesFor(drives: number, there: number): ClassChoice[] {
  const usual = drives > 3 ? 2 : 1
  return [
    { name: 'light', losses: Math.max(1, usual - 1) },
    { name: 'standard', losses: usual },
    { name: 'precious', losses: usual + 1 },
  ].map(({ name, losses }) => {
    const totalFragments = Math.max(1, drives)
    const dataFragments = totalFragments - Math.min(losses, totalFragments - 1)
    const lossesSurvived = Math.max(0, Math.min(totalFragments, there) - dataFragments)
    return { name, dataFragments, totalFragments, setByOwner: false, lossesSurvived }
  })
}
