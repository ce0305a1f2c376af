import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { JsonFile } from '../json-file.ts'
import { NoticeKind } from './notice-kinds.ts'

const strict = { additionalProperties: false }
const MOST_ABOUT = 160

export const Notice = Type.Object(
  {
    n: Type.Integer({ minimum: 1, description: 'ascending' }),
    kind: NoticeKind,
    about: Type.String({ maxLength: MOST_ABOUT }),
    timeMs: Type.Integer(),
    read: Type.Boolean(),
  },
  strict,
)
export type Notice = Static<typeof Notice>

const Kept = Type.Object({ ...Notice.properties, person: Type.String({ pattern: '^(owner|[0-9a-f]{12})$' }) }, strict)
type Kept = Static<typeof Kept>

/** Something that is so until it is not any more, and is told once. */
const Open = Type.Object(
  {
    key: Type.String({ maxLength: 300 }),
    sinceMs: Type.Integer(),
    told: Type.Boolean(),
    /** Since when it is not so any more; null: it is. */
    goneMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  strict,
)
export type Open = Static<typeof Open>

const NoticeFile = Type.Object(
  {
    v: Type.Literal(1),
    last: Type.Integer({ minimum: 0 }),
    /** That ran when we last looked; null before the first look. */
    version: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
    open: Type.Array(Open, { maxItems: 1000 }),
    notices: Type.Array(Kept, { maxItems: 10_000 }),
  },
  strict,
)
type NoticeFile = Static<typeof NoticeFile>

const MOST_OF_ONE_PERSON = 100

export interface NoticesOptions {
  now: () => number
  /** Told of each new one. */
  onNotice: (person: string, notice: Notice) => void
  onProblem: (text: string) => void
}

/** What people were told, and what is being told of: `web/notices.json`. It decides nothing, so a damaged file is begun anew. */
export class Notices {
  readonly #file: JsonFile<typeof NoticeFile>
  readonly #options: NoticesOptions
  #state: NoticeFile = { v: 1, last: 0, version: null, open: [], notices: [] }
  #saving: Promise<void> = Promise.resolve()

  private constructor(file: JsonFile<typeof NoticeFile>, options: NoticesOptions) {
    this.#file = file
    this.#options = options
  }

  static async open(folder: string, options: NoticesOptions): Promise<Notices> {
    const notices = new Notices(new JsonFile(join(folder, 'notices.json'), NoticeFile), options)
    try {
      notices.#state = (await notices.#file.read()) ?? notices.#state
    } catch (error) {
      options.onProblem(`what people were told is damaged and begun anew: ${(error as Error).message}`)
    }
    return notices
  }

  /** Never fails: who cannot be told because a drive is full is told by the page. */
  add(person: string, kind: NoticeKind, about = ''): void {
    const notice: Kept = {
      n: ++this.#state.last,
      kind,
      about: about.slice(0, MOST_ABOUT),
      timeMs: Math.round(this.#options.now()),
      read: false,
      person,
    }
    const mine = this.#state.notices.filter((one) => one.person === person)
    const gone = new Set(mine.slice(0, Math.max(0, mine.length + 1 - MOST_OF_ONE_PERSON)))
    this.#state.notices = [...this.#state.notices.filter((one) => !gone.has(one)), notice]
    this.#save()
    this.#options.onNotice(person, publicNotice(notice))
  }

  /** Newest first. */
  listOf(person: string): Notice[] {
    return this.#state.notices
      .filter((one) => one.person === person)
      .map(publicNotice)
      .reverse()
  }

  unreadOf(person: string): number {
    return this.#state.notices.filter((one) => one.person === person && !one.read).length
  }

  /** @param which numbers; null: all of them. Those that are not there, or not theirs, are left out. */
  markRead(person: string, which: readonly number[] | null): void {
    for (const one of this.#state.notices) if (one.person === person && (which === null || which.includes(one.n))) one.read = true
    this.#save()
  }

  forget(person: string): void {
    this.#state.notices = this.#state.notices.filter((one) => one.person !== person)
    this.#save()
  }

  get openOnes(): readonly Open[] {
    return this.#state.open
  }

  get version(): string | null {
    return this.#state.version
  }

  /** What the watcher saw. */
  keep(open: readonly Open[], version: string | null): void {
    const same = version === this.#state.version && JSON.stringify(open) === JSON.stringify(this.#state.open)
    this.#state.open = open.slice(0, 1000)
    this.#state.version = version
    if (!same) this.#save()
  }

  /** Resolves when all of it is on the drive. */
  async close(): Promise<void> {
    await this.#saving
  }

  #save(): void {
    this.#saving = this.#file.write(this.#state).catch((error: Error) => {
      this.#options.onProblem(`what people were told cannot be kept: ${error.message}`)
    })
  }
}

function publicNotice({ n, kind, about, timeMs, read }: Kept): Notice {
  return { n, kind, about, timeMs, read }
}
