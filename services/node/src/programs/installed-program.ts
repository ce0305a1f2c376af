import { fromHex, toHex } from '@holt/core/bytes.ts'
import { cidToText } from '@holt/core/cid.ts'
import { HoltError, toHoltError } from '@holt/core/errors.ts'
import type { ProgramPackage } from '@holt/core/package/archive.ts'
import { isHost, type WishedPower } from '@holt/core/package/powers.ts'
import { principalToText } from '@holt/core/principal.ts'
import { text } from '@holt/core/shape.ts'
import { AlarmClock } from '@holt/kernel/alarm-clock.ts'
import type { Desk } from '@holt/kernel/desk.ts'
import type { Correspondent } from '@holt/kernel/outbox.ts'
import { ProgramRunner } from '@holt/kernel/program-runner.ts'
import type { Message } from '@holt/network/messages/messages-protocol.ts'
import type { KeyPair } from '@holt/core/root-key.ts'
import { systemClock } from '@holt/store/fragments/clock.ts'
import { capLimits, defaultLimits } from '@holt/sandbox/limits.ts'
import type { Delivery, ProgramCode, Sandbox, VatLimits } from '@holt/sandbox/types.ts'
import type { NodePlatform, PageAnswer, PageListener, PageRequest } from '../platform.ts'
import { alarmDelivery, useAlarms } from './alarms-power.ts'
import { type FolderContext, useFolder } from './folder-power.ts'
import { useHosts } from './hosts-power.ts'
import type { Grant, InstalledRecord } from './installed-record.ts'
import { answerPage } from './page.ts'
import type { ProgramJournal } from './journal/program-journal.ts'
import { fieldOf, pack, type Parcel, unpack } from '@holt/sandbox/parcel.ts'
import { type SigningContext, useSigning } from './signing-power.ts'
import { Correspondence } from './correspondence.ts'
import type { PostOffice } from './post-office.ts'
import type { ProgramShelf } from './program-shelf.ts'
import { MOST_STREAMS, ProgramStreams } from './streams/program-streams.ts'
import { useStreams } from './streams/streams-power.ts'

export interface ProgramContext extends FolderContext {
  platform: NodePlatform
  sandbox: Sandbox
  shelf: ProgramShelf
  journal: ProgramJournal
  post: PostOffice
  /** By which a program signs. */
  programKey(program: Uint8Array): KeyPair
}

/** Enough that none is met again. */
const STREAM_ID_BYTES = 8

/** A power as a program used it. */
interface Use {
  kind: string
  what: string
  name: string
  parcel: Parcel
}

interface UseContext {
  signal: AbortSignal
  desk: Desk
}

/**
 * One installed program of this node: its vat, its page, and the check of every use of a power.
 *
 * What it may is looked up at each use, so that what was taken back is refused from that moment on.
 */
export class InstalledProgram {
  readonly id: string
  readonly package: ProgramPackage
  readonly log: ReturnType<ProgramJournal['logOf']>
  record: InstalledRecord
  #runner: ProgramRunner | null = null
  #alarms: AlarmClock | null = null
  #correspondence: Correspondence | null = null
  #page: PageListener | null = null
  #streams: ProgramStreams | null = null
  /** Why it did not start, or its page cannot be opened. */
  problem: HoltError | null = null
  /** Resolves when it has done what it does first, or failed to. */
  started: Promise<void> = Promise.resolve()
  readonly #context: ProgramContext

  constructor(context: ProgramContext, { id, record, package: read }: { id: string; record: InstalledRecord; package: ProgramPackage }) {
    this.#context = context
    this.id = id
    this.record = record
    this.package = read
    this.log = context.journal.logOf(id)
  }

  get isRunning(): boolean {
    return this.#runner !== null
  }

  get hasVat(): boolean {
    return this.#runner?.isOpen === true
  }

  get totals() {
    const [runner, streams] = [this.#runner, this.#streams]
    if (runner === null || streams === null) return null
    const { sentBytes, receivedBytes } = streams.totals
    return { ...runner.totals, streams: streams.openCount, sentBytes, receivedBytes }
  }

  get port(): number | null {
    return this.#page?.port ?? null
  }

  get limits(): VatLimits {
    const own = (limits: { memory?: number; work?: number; storage?: number }): Partial<VatLimits> => ({
      ...(limits.memory === undefined ? {} : { memoryBytes: limits.memory }),
      ...(limits.work === undefined ? {} : { meter: limits.work }),
      ...(limits.storage === undefined ? {} : { storeBytes: limits.storage }),
    })
    // what its owner set holds; else it is no more than the default, whatever the author would like
    return capLimits({ ...capLimits(own(this.package.manifest.limits), defaultLimits), ...own(this.record.limits) })
  }

  /** Open at once; what its owner set holds. */
  get mostStreams(): number {
    return this.record.limits.streams ?? Math.min(this.package.manifest.limits.streams ?? MOST_STREAMS, MOST_STREAMS)
  }

  /** @param preferredPort of the time before. */
  async start(preferredPort: number | null): Promise<void> {
    if (this.#runner !== null) return
    const { shelf, sandbox } = this.#context
    const streams = new ProgramStreams({
      most: this.mostStreams,
      deliver: (name, body) => runner.turn(() => this.#timed({ name, body })),
      newId: () => toHex(this.#context.crypto.randomBytes(STREAM_ID_BYTES)),
      warn: (line) => this.#warn(line),
    })
    const runner: ProgramRunner = new ProgramRunner({
      sandbox,
      code: this.#code(),
      limits: this.limits,
      // to WASI they are directories that are open from the start; what it is given later begins it anew
      preopens: this.record.grants.filter(({ kind }) => kind === 'folder').map(({ name }) => `/${name}`),
      args: [this.package.manifest.name],
      powers: (name, args, { signal }) => this.#use(name, args, { signal, desk: runner.desk }),
      keeping: {
        load: () => shelf.load(this.id, 'store'),
        loadDesk: () => shelf.load(this.id, 'desk'),
        keep: (changes) => shelf.keep(this.id, changes),
      },
      effects: streams,
      onLog: (line) => this.log.add(line, this.#now()),
      onDesk: () => this.#alarms?.wind(),
      onKept: (changes) => this.#correspondence?.kept(changes),
    })
    await runner.open()
    const correspondence = this.#has('messages') ? await this.#openCorrespondence(runner) : null
    this.#runner = runner
    this.#streams = streams
    this.#alarms = this.#alarmClock(runner)
    this.#correspondence = correspondence
    correspondence?.start()
    await this.#openPage(preferredPort)
    this.started = this.deliver('start', pack({}))
      .then(() => {})
      .catch((caught: unknown) => {
        const error = toHoltError(caught)
        if (this.#runner === null) return // it was stopped meanwhile
        this.problem = error
        this.#warn(`it did not start: ${error.message} (${error.code})`)
      })
      // what rang while it was away comes after that
      .then(() => this.#alarms?.wind())
  }

  async stop(): Promise<void> {
    const [runner, page] = [this.#runner, this.#page]
    this.#runner = null
    this.#page = null
    this.#alarms?.stop()
    this.#alarms = null
    this.#correspondence?.stop()
    this.#correspondence = null
    this.#streams?.stop()
    this.#streams = null
    this.problem = null
    await page?.close()
    await runner?.stop()
  }

  /** @throws HoltError of the runner. */
  async deliver(name: string, body: Uint8Array, onTurn?: () => void): Promise<Uint8Array> {
    if (this.#runner === null) throw new HoltError('PROGRAM_ENDED', 'the program is stopped')
    return this.#runner.deliver(this.#timed({ name, body }), onTurn)
  }

  /** The fine time is a power: without it the clock of a delivery goes in tenths of a second. */
  #timed(delivery: Delivery): Delivery {
    return this.#has('clock') ? { ...delivery, now: Math.floor(this.#context.now()) } : delivery
  }

  #has(kind: Grant['kind']): boolean {
    return this.record.grants.some((grant) => grant.kind === kind)
  }

  #time(): { now(): number; after(delayMs: number, action: () => void): () => void } {
    const { now, platform } = this.#context
    const clock = platform.clock ?? systemClock
    return { now: () => Math.floor(now()), after: (delayMs, action) => clock.after(delayMs, action) }
  }

  #openCorrespondence(runner: ProgramRunner): Promise<Correspondence> {
    const { post, crypto } = this.#context
    const grant = () => this.record.grants.find((one) => one.kind === 'messages') ?? null
    return Correspondence.open({
      runner,
      post,
      grant,
      ...this.#time(),
      program: fromHex(this.id) as Uint8Array,
      randomBytes: (size) => crypto.randomBytes(size),
      timed: (delivery) => this.#timed(delivery),
      onUse: ({ what, about, error, note }) => {
        this.#context.journal.add({
          time: this.#now(),
          program: this.id,
          power: grant()?.name ?? 'messages',
          what,
          about,
          code: error?.code ?? null,
        })
        if (error !== null) this.#warn(`message, ${about}: ${error.message} (${error.code}); ${note}`)
      },
    })
  }

  /** @throws HoltError of `Correspondence.hear`; NOT_AUTHORIZED when it was given no messages. */
  async hear(from: Correspondent, message: Message): Promise<void> {
    if (this.#correspondence === null) throw new HoltError('NOT_AUTHORIZED', 'the program does not listen')
    await this.#correspondence.hear(from, message)
  }

  /** A node of this owner is there again. */
  met(owner: Uint8Array): void {
    this.#correspondence?.met(owner)
  }

  #alarmClock(runner: ProgramRunner): AlarmClock {
    return new AlarmClock({
      runner,
      ...this.#time(),
      mayRing: () => this.#has('alarms'),
      deliveryOf: (rung) => this.#timed(alarmDelivery(rung)),
      onRung: ({ name: about }, error, givenUp) => {
        const power = this.record.grants.find(({ kind }) => kind === 'alarms')?.name ?? 'alarms'
        this.#context.journal.add({ time: this.#now(), program: this.id, power, what: 'ring', about, code: error?.code ?? null })
        if (error !== null)
          this.#warn(`alarm ${about}: ${error.message} (${error.code})${givenUp ? '; it is not tried again' : '; it is tried again later'}`)
      },
    })
  }

  async settled(): Promise<void> {
    await this.#runner?.settled()
  }

  async answer(request: PageRequest): Promise<PageAnswer> {
    const streams = this.#streams
    if (streams === null) throw new HoltError('PROGRAM_ENDED', 'the program is stopped')
    const { id, package: read } = this
    return answerPage({ id, package: read, streams, deliver: this.deliver.bind(this), warn: (line) => this.#warn(line) }, request)
  }

  #code(): ProgramCode {
    const { manifest } = this.package
    const load = async (): Promise<Uint8Array> => {
      const main = this.package.file(manifest.main)
      return manifest.code === 'javascript' ? main : (await this.#context.sandbox.prepare(main)).module
    }
    return { id: cidToText(this.package.cid), kind: manifest.code === 'javascript' ? 'script' : 'wasm', load }
  }

  async #openPage(preferredPort: number | null): Promise<void> {
    const grant = this.record.grants.find(({ kind }) => kind === 'page')
    const { listenPage } = this.#context.platform
    if (grant?.kind !== 'page' || listenPage === undefined || listenPage === null) return
    try {
      this.#page = await listenPage({
        port: preferredPort,
        name: this.package.manifest.name,
        network: grant.network === true,
        answer: (request) => this.answer(request),
      })
    } catch (error) {
      this.problem = toHoltError(error)
      this.#warn(`its page cannot be opened: ${this.problem.message}`)
    }
  }

  async #use(power: string, args: Uint8Array, within: UseContext): Promise<Uint8Array> {
    if (power === 'powers.list') return pack({ powers: this.record.grants.map(({ name, kind }) => ({ name, kind })) })
    const [kind = '', what = ''] = power.split('.')
    let parcel: Parcel | null = null
    let name = ''
    try {
      parcel = unpack(args)
      name = fieldOf(parcel, 'power', text({ maxBytes: 32 }))
      const answer = await this.#checkedUse({ kind, what, name, parcel }, within)
      this.#audit(name, what, parcel, null)
      return answer
    } catch (caught) {
      const error = toHoltError(caught)
      this.#audit(name, what, parcel, error)
      throw error
    }
  }

  async #checkedUse({ kind, what, name, parcel }: Use, { signal, desk }: UseContext): Promise<Uint8Array> {
    const grant = this.record.grants.find((one) => one.name === name)
    const { fetchOut } = this.#context.platform
    if (kind === 'alarms' && grant?.kind === 'alarms') return useAlarms({ desk, now: Math.floor(this.#context.now()) }, { what, parcel })
    if (kind === 'messages' && grant?.kind === 'messages' && this.#correspondence !== null)
      return this.#correspondence.use(desk, grant, { what, parcel })
    if (kind === 'streams' && grant?.kind === 'page' && this.#streams !== null) return useStreams(this.#streams, { what, parcel })
    if (kind === 'signing' && grant?.kind === 'signing') return useSigning(this.#signing(), { what, parcel })
    if (kind === 'folder' && grant?.kind === 'folder') return useFolder(this.#context, grant, { what, parcel, signal })
    if (kind === 'http' && what === 'fetch' && grant?.kind === 'hosts' && fetchOut) return useHosts(fetchOut, grant, { parcel, signal })
    throw new HoltError('NOT_AUTHORIZED', `${kind.slice(0, 32)}.${what.slice(0, 32)} by '${name}' was not granted`)
  }

  #signing(): SigningContext {
    const program = fromHex(this.id) as Uint8Array
    return { crypto: this.#context.crypto, program, key: this.#context.programKey(program) }
  }

  #audit(name: string, what: string, parcel: Parcel | null, error: HoltError | null): void {
    const fields = ['path', 'url', 'from', 'alarm', 'to', 'tag', 'stream']
    const about = fields.map((field) => parcel?.head[field]).find((value) => value !== undefined && value !== null)
    this.#context.journal.add({
      time: this.#now(),
      program: this.id,
      power: name,
      what,
      about: typeof about === 'string' ? about : '',
      code: error?.code ?? null,
    })
  }

  #warn(line: string): void {
    this.log.add({ level: 'warn', text: line }, this.#now())
  }

  #now(): number {
    return this.#context.now() / 1000
  }
}

/** A grant of the kind that was wished, by an owner who may add hosts to those of the wish. @throws HoltError INPUT_INVALID */
export function checkGrant(wished: readonly WishedPower[], grant: Grant): Grant {
  const wish = wished.find(({ name }) => name === grant.name)
  if (wish === undefined || wish.kind !== grant.kind)
    throw new HoltError('INPUT_INVALID', `the program wishes no ${grant.kind} called '${grant.name}'`, { field: 'grants' })
  if (grant.kind === 'messages' && grant.with?.length === 0)
    throw new HoltError('INPUT_INVALID', `'${grant.name}' would reach nobody`, { field: 'grants' })
  if (grant.kind === 'folder' && grant.write === true && wish.kind === 'folder' && wish.write !== true)
    throw new HoltError('INPUT_INVALID', `'${grant.name}' was wished for reading only`, { field: 'grants' })
  const strange = grant.kind === 'hosts' ? grant.hosts.find((host) => !isHost(host)) : undefined
  if (strange !== undefined)
    throw new HoltError('INPUT_INVALID', `'${strange}' is no host such as example.org or *.example.org:8080, in small letters`, {
      field: 'grants',
    })
  return grant
}

/** What was given, for people who look back: `photos: /pictures`. */
export function grantInWords(grant: Grant): string {
  if (grant.kind === 'folder') return `${grant.name}: ${grant.path}${grant.write === true ? '' : ' (read)'}`
  if (grant.kind === 'hosts') return `${grant.name}: ${grant.hosts.join(', ')}`
  if (grant.kind === 'messages' && grant.with !== undefined) return `${grant.name}: ${grant.with.map(principalToText).join(', ')}`
  return grant.kind === 'page' && grant.network === true ? `${grant.name}: network` : grant.name
}
