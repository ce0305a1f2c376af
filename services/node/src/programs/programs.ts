import { equalBytes, toHex } from '@holt/core/bytes.ts'
import { cidToText } from '@holt/core/cid.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import { decodeArchive, type ProgramPackage } from '@holt/core/package/archive.ts'
import { checkFollows, decodeSignature, encodeSignature, programId, verifyPackage } from '@holt/core/package/signature.ts'
import type { Principal } from '@holt/core/principal.ts'
import { compareVersions, versionToText } from '@holt/core/package/version.ts'
import type { RootKeys } from '@holt/core/root-key.ts'
import type { BlockStore } from '@holt/store/types.ts'
import type { Volume } from '@holt/tree/types.ts'
import type { NodePlatform } from '../platform.ts'
import { looksLike } from './likeness.ts'
import { HereBook } from './here-book.ts'
import { checkGrant, grantInWords, InstalledProgram, type ProgramContext } from './installed-program.ts'
import type { Grant, InstalledRecord } from './installed-record.ts'
import { ProgramJournal } from './journal/program-journal.ts'
import { PostOffice } from './post-office.ts'
import { ProgramShelf } from './program-shelf.ts'

export interface ProgramsOptions {
  platform: NodePlatform
  keys: RootKeys
  store: BlockStore
  /** As people see it. */
  volume: Volume
  /** Hidden area and all. */
  wholeVolume: Volume
}

/** A package that was looked at: who signed it, and what is there of it. */
export interface Inspected {
  id: string
  package: ProgramPackage
  installed: InstalledProgram | null
  /** What a person should know before agreeing. */
  warnings: PackageWarning[]
}

export type PackageWarning =
  /** Another program that is installed is called so, or nearly. */
  | { kind: 'imitates'; title: string; author: Principal }
  /** The one before handed the program over. */
  | { kind: 'author-changed'; from: Principal }

export type OwnLimits = InstalledRecord['limits']

export const MOST_PROGRAMS = 100

/** The programs of the tree, and those that run on this node. */
export class Programs {
  /** What programs wrote, and did with their powers. */
  readonly journal: ProgramJournal
  /** Between these programs and those of others. */
  readonly post: PostOffice
  readonly #options: ProgramsOptions
  readonly #shelf: ProgramShelf
  readonly #here: HereBook
  readonly #programs = new Map<string, InstalledProgram>()
  /** One change of what is installed at a time. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: ProgramsOptions, { here, journal }: { here: HereBook; journal: ProgramJournal }) {
    const { platform, wholeVolume, store } = options
    this.#options = options
    this.#here = here
    this.journal = journal
    this.post = new PostOffice({
      data: platform.data,
      crypto: platform.crypto,
      owner: options.keys.principal.publicKey,
      recipient: (id) => this.#running(id),
      recipients: () => this.list().filter(({ isRunning }) => isRunning),
    })
    this.#shelf = new ProgramShelf({ volume: wholeVolume, store, crypto: platform.crypto, now: () => platform.now() })
  }

  /** A program that cannot be read, or started, does not keep the others, or the node, from opening. */
  static async open(options: ProgramsOptions): Promise<Programs> {
    const { platform, keys } = options
    const here = await HereBook.open(platform.data)
    const journal = await ProgramJournal.open({
      disk: platform.data,
      crypto: platform.crypto,
      key: keys.journalKey,
      warn: (text) => platform.log('warn', text),
    })
    const programs = new Programs(options, { here, journal })
    const warn = (id: string, error: unknown): void => {
      const { message, code } = toHoltError(error)
      options.platform.log('warn', `the program ${id} cannot be read: ${message} (${code})`)
    }
    for (const { id, record } of await programs.#shelf.list(warn)) {
      try {
        await programs.#add(id, record)
      } catch (error) {
        warn(id, error)
      }
    }
    return programs
  }

  list(): InstalledProgram[] {
    return [...this.#programs.values()]
  }

  find(id: string): InstalledProgram | null {
    return this.#programs.get(id) ?? null
  }

  /** @throws HoltError NOT_FOUND */
  get(id: string): InstalledProgram {
    const found = this.find(id)
    if (found === null) throw new HoltError('NOT_FOUND', 'no such program is installed', { program: id })
    return found
  }

  #running(id: string): InstalledProgram | null {
    const program = this.#programs.get(id)
    return program?.isRunning === true ? program : null
  }

  isHere(id: string): boolean {
    return this.#here.has(id)
  }

  /** @throws HoltError for what is no package, is not signed, or may not follow what is installed: SIGNATURE_INVALID, NOT_AUTHORIZED, ROLLED_BACK … */
  inspect(archive: Uint8Array): Inspected {
    const read = decodeArchive(archive)
    if (read.signature === null) throw new HoltError('SIGNATURE_INVALID', 'the package is not signed: holt program sign')
    const firstAuthor = verifyPackage(this.#options.platform.crypto, read.signature, { package: read.cid, manifest: read.manifest })
    const id = toHex(programId(firstAuthor, read.manifest.name))
    const installed = this.#programs.get(id) ?? null
    if (installed !== null) checkFollows(decodeSignature(installed.record.signature), read.signature)
    if (installed !== null) checkNewer(installed.package, read)
    return { id, package: read, installed, warnings: this.#warnings(id, read) }
  }

  /** Installs, or updates with the store as it is. Powers granted before stay where the new version still wishes them. */
  install(archive: Uint8Array, { grants, limits }: { grants: readonly Grant[]; limits?: OwnLimits }): Promise<InstalledProgram> {
    return this.#alone(async () => {
      const { id, package: read, installed } = this.inspect(archive)
      if (installed === null && this.#programs.size >= MOST_PROGRAMS)
        throw new HoltError('TOO_LARGE', `${MOST_PROGRAMS} programs are installed already`, { limit: MOST_PROGRAMS })
      const { powers } = read.manifest
      const given = grants.map((grant) => checkGrant(powers, grant))
      await this.#checkPlaces(given)
      const all = [...stillWished(powers, installed?.record.grants ?? [], given), ...given]
      const missing = powers.filter(({ name, optional }) => optional !== true && !all.some((grant) => grant.name === name))
      if (missing.length > 0)
        throw new HoltError('CONSENT_MISSING', `the program does not work without: ${missing.map(({ name }) => name).join(', ')}`, {
          powers: missing.map(({ name }) => name),
        })
      const record: InstalledRecord = {
        package: read.cid,
        signature: encodeSignature(read.signature as NonNullable<typeof read.signature>),
        installed: Math.floor(this.#options.platform.now() / 1000),
        grants: all,
        limits: limits ?? installed?.record.limits ?? {},
      }
      const wasRunning = installed?.isRunning ?? true
      await installed?.stop()
      await this.#shelf.install(id, { package: read, record })
      const program = this.#make(id, record, read)
      this.journal.add({ ...this.#owner(id, installed === null ? 'install' : 'update'), about: versionToText(read.manifest.version) })
      for (const grant of given) this.journal.add({ ...this.#owner(id, 'grant'), about: grantInWords(grant) })
      if (wasRunning) await this.#start(program)
      await program.started
      return program
    })
  }

  remove(id: string): Promise<void> {
    return this.#alone(async () => {
      const program = this.get(id)
      await program.stop()
      await this.#here.remove(id)
      await this.#shelf.remove(id)
      this.#programs.delete(id)
      this.journal.add({ ...this.#owner(id, 'remove'), about: program.package.manifest.title })
    })
  }

  start(id: string): Promise<void> {
    return this.#alone(async () => {
      await this.#start(this.get(id))
      this.journal.add({ ...this.#owner(id, 'start'), about: '' })
      await this.get(id).started
    })
  }

  stop(id: string): Promise<void> {
    return this.#alone(async () => {
      await this.get(id).stop()
      await this.#here.remove(id)
      this.journal.add({ ...this.#owner(id, 'stop'), about: '' })
    })
  }

  /** Gives a power, or another folder or other hosts for it; a running program begins anew with it. */
  grant(id: string, grant: Grant): Promise<void> {
    return this.#change(id, { what: 'grant', about: grantInWords(grant) }, async ({ package: { manifest }, record: { grants } }) => {
      const checked = checkGrant(manifest.powers, grant)
      await this.#checkPlaces([checked])
      return { grants: [...grants.filter(({ name }) => name !== checked.name), checked] }
    })
  }

  /** Takes a power back: it is refused from this moment on. */
  revoke(id: string, power: string): Promise<void> {
    return this.#change(id, { what: 'revoke', about: power }, async ({ record: { grants } }) => {
      const left = grants.filter(({ name }) => name !== power)
      if (left.length === grants.length) throw new HoltError('NOT_FOUND', `'${power}' was not granted`, { power })
      return { grants: left }
    })
  }

  /** How much of the machine it may have at most; what is left out is again as the program wishes it, up to the default. */
  limit(id: string, limits: OwnLimits): Promise<void> {
    return this.#change(id, { what: 'limit', about: limitsInWords(limits) }, async () => ({ limits }))
  }

  async close(): Promise<void> {
    const stopAll = () => Promise.all(this.list().map((program) => program.stop()))
    await stopAll() // whatever one does first is not waited for
    await this.#turn
    await stopAll()
    await this.journal.close()
  }

  #change(
    id: string,
    { what, about }: { what: string; about: string },
    change: (program: InstalledProgram) => Promise<Partial<InstalledRecord>>,
  ): Promise<void> {
    return this.#alone(async () => {
      const program = this.get(id)
      const before = program.record
      const record = { ...before, ...(await change(program)) }
      // at once for what runs; what is not kept is taken back
      program.record = record
      try {
        await this.#shelf.setRecord(id, record)
      } catch (error) {
        program.record = before
        throw error
      }
      this.journal.add({ ...this.#owner(id, what), about })
      if (!program.isRunning) return
      await program.stop()
      await this.#start(program)
    })
  }

  #owner(id: string, what: string) {
    return { time: this.#options.platform.now() / 1000, program: id, power: '', what, code: null }
  }

  async #checkPlaces(grants: readonly Grant[]): Promise<void> {
    for (const grant of grants) {
      if (grant.kind !== 'folder') continue
      const entry = await this.#options.volume.current().stat(grant.path)
      if (entry === null) throw new HoltError('NOT_FOUND', `${grant.path} is not there`, { path: grant.path })
      if (entry.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${grant.path} is no folder`, { path: grant.path })
    }
  }

  #warnings(id: string, { manifest }: ProgramPackage): PackageWarning[] {
    const before = this.#programs.get(id)?.package.manifest.author
    const alike = this.list().filter(({ id: other, package: { manifest: installed } }) => {
      return other !== id && (installed.name === manifest.name || looksLike(installed.title, manifest.title))
    })
    return [
      ...alike.map(({ package: { manifest: other } }) => ({ kind: 'imitates' as const, title: other.title, author: other.author })),
      ...(before === undefined || equalBytes(before, manifest.author) ? [] : [{ kind: 'author-changed' as const, from: before }]),
    ]
  }

  async #add(id: string, record: InstalledRecord): Promise<void> {
    const program = this.#make(id, record, await this.#shelf.package(id, record))
    if (this.#here.has(id) && this.#options.platform.sandbox) await this.#start(program)
  }

  #make(id: string, record: InstalledRecord, read: ProgramPackage): InstalledProgram {
    const { platform, store, volume } = this.#options
    const context: ProgramContext = {
      platform,
      store,
      volume,
      crypto: platform.crypto,
      now: () => platform.now(),
      sandbox: platform.sandbox ?? noSandbox,
      shelf: this.#shelf,
      journal: this.journal,
      post: this.post,
      programKey: (program) => this.#options.keys.programKey(program),
    }
    const program = new InstalledProgram(context, { id, record, package: read })
    this.#programs.set(id, program)
    return program
  }

  async #start(program: InstalledProgram): Promise<void> {
    if (!this.#options.platform.sandbox)
      throw new HoltError('CAGE_MISSING', 'programs do not run on this platform', { missing: ['sandbox'] })
    await program.start(this.#here.port(program.id))
    await this.#here.set(program.id, program.port ?? this.#here.port(program.id))
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work)
    this.#turn = result.catch(() => {})
    return result
  }
}

function limitsInWords(limits: OwnLimits): string {
  return Object.entries(limits)
    .map(([name, most]) => `${name} ${most}`)
    .join(', ')
}

const noSandbox = {
  prepare: () => Promise.reject(new HoltError('CAGE_MISSING', 'programs do not run on this platform')),
  openVat: () => Promise.reject(new HoltError('CAGE_MISSING', 'programs do not run on this platform')),
  stop: async () => {},
}

/** @throws HoltError ROLLED_BACK for an older version, ALREADY_EXISTS for this very one, CONFLICT for another of the same number. */
function checkNewer({ cid, manifest: installed }: ProgramPackage, next: ProgramPackage): void {
  const order = compareVersions(next.manifest.version, installed.version)
  const facts = { installed: versionToText(installed.version), version: versionToText(next.manifest.version) }
  if (order > 0) return
  if (order < 0) throw new HoltError('ROLLED_BACK', `version ${facts.installed} is installed, this is the older ${facts.version}`, facts)
  if (cidToText(cid) === cidToText(next.cid))
    throw new HoltError('ALREADY_EXISTS', `this version ${facts.version} is installed already`, facts)
  throw new HoltError('CONFLICT', `another package that calls itself version ${facts.version} is installed`, facts)
}

/** What was granted to the version before, as far as this one wishes no more than that. */
function stillWished(wished: ProgramPackage['manifest']['powers'], before: readonly Grant[], given: readonly Grant[]): Grant[] {
  return before.filter((grant) => {
    if (given.some(({ name }) => name === grant.name)) return false
    try {
      checkGrant(wished, grant)
      return true
    } catch {
      return false
    }
  })
}
