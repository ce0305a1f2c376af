import type { InstalledInfo, PackageInfo, PackageWarning, PowerUse, ProgramGrant, ProgramLogLine } from '@holt/control/programs.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }
type Use = Omit<PowerUse, 'number' | 'time'>

const limits = { memory: 64 << 20, work: 5_000_000_000, storage: 4 << 20, timeMs: 10_000, waiting: 256, streams: 100 }

/** Programs of a node in memory: nothing runs. What a package that is brought is, a test says before. */
export class MemoryPrograms {
  installed: InstalledInfo[] = []
  readonly uses: PowerUse[] = []
  readonly lines = new Map<string, ProgramLogLine[]>()
  /** What the next package that is brought turns out to be. */
  next: { package: PackageInfo; warnings: PackageWarning[] } | null = null
  icons = new Map<string, string>()
  #staged: string[] = []
  #number = 0

  readonly handlers: Handlers = {
    'programs.list': async () => ({ programs: this.installed }),
    'programs.stage': async ({ stage, base64 = '' }) => {
      const id = stage ?? 'ab'.repeat(8)
      if (stage === undefined) this.#staged = []
      this.#staged.push(base64)
      return { stage: id, sizeBytes: this.#staged.reduce((sum, text) => sum + Buffer.from(text, 'base64').length, 0) }
    },
    'programs.inspect': async () => {
      if (this.next === null) throw new HoltError('SIGNATURE_INVALID', 'the package is not signed: holt program sign')
      return { ...this.next.package, installed: this.#find(this.next.package.id), warnings: this.next.warnings }
    },
    'programs.install': async ({ stage, grants }) => {
      const found = this.next?.package
      if (found === undefined || this.#staged.length === 0)
        throw new HoltError('NOT_FOUND', 'this package was not brought, or too long ago', { stage })
      const kept = this.#find(found.id)?.grants.filter(({ name }) => !grants.some((grant) => grant.name === name)) ?? []
      const all = [...kept, ...grants]
      const missing = found.powers.filter(({ name, optional }) => !optional && !all.some((grant) => grant.name === name))
      if (missing.length > 0) throw new HoltError('CONSENT_MISSING', `the program does not work without ${missing[0]?.name}`)
      return this.add({ ...found, grants: all })
    },
    'programs.start': async ({ id }) => this.#change(id, { running: true, here: true }, 'start'),
    'programs.stop': async ({ id }) => this.#change(id, { running: false, here: false, page: null, totals: null }, 'stop'),
    'programs.remove': async ({ id }) => {
      const { title } = this.#get(id)
      this.installed = this.installed.filter((one) => one.id !== id)
      this.use({ program: id, power: '', what: 'remove', about: title, code: null })
      return {}
    },
    'programs.grant': async ({ id, grant }) => {
      const others = this.#get(id).grants.filter(({ name }) => name !== grant.name)
      return this.#change(id, { grants: [...others, grant] }, 'grant', grant.name)
    },
    'programs.revoke': async ({ id, power }) =>
      this.#change(id, { grants: this.#get(id).grants.filter(({ name }) => name !== power) }, 'revoke', power),
    'programs.limit': async ({ id, limits: own }) => this.#change(id, { ownLimits: own, limits: { ...limits, ...own } }, 'limit'),
    'programs.icon': async ({ id, stage }) => {
      const svg = this.icons.get(id ?? (stage === undefined ? '' : (this.next?.package.id ?? '')))
      if (svg === undefined) throw new HoltError('NOT_FOUND', 'the program has no icon')
      return { type: 'image/svg+xml', base64: Buffer.from(svg).toString('base64') }
    },
    'programs.logs': async ({ id, after = 0 }) => ({ lines: (this.lines.get(id) ?? []).filter(({ number }) => number > after) }),
    'programs.audit': async ({ id, power, refused, before = Number.POSITIVE_INFINITY, limit = 2000 }) => {
      const all = this.uses.filter(
        (use) =>
          use.number < before &&
          (id === undefined || use.program === id) &&
          (power === undefined || use.power === power) &&
          (refused === undefined || (use.code !== null) === refused),
      )
      const ids = [...new Set(this.uses.map(({ program }) => program))]
      const programs = ids.map((one) => ({ id: one, title: this.#find(one)?.title ?? one.slice(0, 8) }))
      return { uses: all.slice(Math.max(0, all.length - limit)), more: all.length > limit, programs }
    },
  }

  /** As if it was installed; one of the same id is replaced. */
  add(given: PackageInfo & { grants: ProgramGrant[] } & Partial<InstalledInfo>): InstalledInfo {
    const before = this.#find(given.id)
    const page = given.grants.some(({ kind }) => kind === 'page')
    const program: InstalledInfo = {
      installed: seconds(),
      here: true,
      running: true,
      page: page ? { port: 7710, url: `http://${given.name}.localhost:7710/` } : null,
      problem: null,
      limits,
      ownLimits: before?.ownLimits ?? {},
      totals: {
        deliveries: 1240,
        failures: 2,
        meter: 91_000_000_000,
        timeMs: 52_000,
        memoryBytes: 9 << 20,
        storeBytes: 700_000,
        lastMeter: 38_000_000,
        mostMeter: 1_900_000_000,
        waiting: 0,
        streams: 3,
        sentBytes: 40_000,
        receivedBytes: 1200,
      },
      ...given,
    }
    this.installed = [...this.installed.filter(({ id }) => id !== given.id), program]
    this.use({ program: given.id, power: '', what: before === null ? 'install' : 'update', about: given.version, code: null })
    return program
  }

  use(use: Use, time = seconds()): void {
    this.uses.push({ ...use, number: ++this.#number, time })
  }

  /** As if it wrote this. */
  write(program: string, level: ProgramLogLine['level'], text: string, time = seconds()): void {
    this.lines.set(program, [...(this.lines.get(program) ?? []), { level, text, time, number: ++this.#number }])
  }

  #change(id: string, change: Partial<InstalledInfo>, what: string, about = ''): InstalledInfo {
    const program = Object.assign(this.#get(id), change)
    this.use({ program: id, power: '', what, about, code: null })
    return program
  }

  #find(id: string): InstalledInfo | null {
    return this.installed.find((one) => one.id === id) ?? null
  }

  #get(id: string): InstalledInfo {
    const found = this.#find(id)
    if (found === null) throw new HoltError('NOT_FOUND', 'no such program is installed', { program: id })
    return found
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}
