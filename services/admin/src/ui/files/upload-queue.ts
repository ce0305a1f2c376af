import type { Entry } from '../api/calls.ts'
import { Refusal, refusalOf } from '../api/request.ts'
import { joinPath, nameOf, numberedName, parentOf } from '../paths.ts'
import type { Incoming } from './incoming.ts'

/** waiting → sending → (asking →) done | failed | skipped | cancelled; a failed one may become waiting again. */
export interface UploadItem {
  readonly id: number
  readonly file: File
  path: string
  state: 'waiting' | 'sending' | 'asking' | 'done' | 'failed' | 'skipped' | 'cancelled'
  sentBytes: number
  refusal: Refusal | null
}

export type Answer = 'replace' | 'keep-both' | 'skip'

/** A file that is there already; the owner decides. */
export interface Question {
  item: UploadItem
  there: Entry | null
  /** How many others may still ask the same. */
  others: number
  answer: (answer: Answer, forAll: boolean) => void
}

/** What the queue needs of the node. */
export interface UploadTarget {
  send(path: string, file: File, options: { replace: boolean; signal: AbortSignal; onSent: (bytes: number) => void }): Promise<void>
  names(folder: string): Promise<Set<string>>
  stat(path: string): Promise<Entry>
  makeDirectory(path: string): Promise<void>
}

const AT_ONCE = 4

/** Sends files a few at a time, makes the folders they need, and asks before it replaces anything. */
export class UploadQueue {
  items: UploadItem[] = []
  question: Question | null = null
  preparing = 0
  readonly #target: UploadTarget
  readonly #onChange: (uploaded?: string) => void
  readonly #running = new Map<UploadItem, AbortController>()
  /** Names in each folder that is uploaded into, while anything runs. */
  #folders = new Map<string, Promise<Set<string>>>()
  #asking: Promise<unknown> = Promise.resolve()
  #forAll: Answer | null = null
  #next = 0
  #ids = 0

  /** @param onChange called after every change; with a path when something has come to be there. */
  constructor(target: UploadTarget, onChange: (uploaded?: string) => void) {
    this.#target = target
    this.#onChange = onChange
  }

  get isIdle(): boolean {
    return this.#running.size === 0 && this.preparing === 0 && this.#next >= this.items.length
  }

  /** @throws Refusal when what was handed in cannot be read or its empty folders cannot be made. */
  async add(folder: string, incoming: Promise<Incoming>): Promise<void> {
    this.preparing++
    this.#onChange()
    try {
      const { files, folders } = await incoming
      for (const { file, path } of files)
        this.items.push({ id: ++this.#ids, file, path: joinPath(folder, path), state: 'waiting', sentBytes: 0, refusal: null })
      this.#pump()
      for (const path of folders) await this.#namesIn(joinPath(folder, path))
    } finally {
      this.preparing--
      this.#settle()
    }
  }

  cancel(item: UploadItem): void {
    if (item.state === 'waiting') item.state = 'cancelled'
    if (this.question?.item === item) this.question.answer('skip', false)
    this.#running.get(item)?.abort()
    this.#onChange()
  }

  cancelAll(): void {
    for (const item of this.items) if (item.state === 'waiting') item.state = 'cancelled'
    this.#next = this.items.length
    for (const item of this.#running.keys()) this.cancel(item)
    this.#onChange()
  }

  retryFailed(): void {
    const failed = this.items.filter(({ state }) => state === 'failed')
    this.items = this.items.filter(({ state }) => state !== 'failed')
    this.#next = Math.min(this.#next, this.items.length)
    for (const item of failed) this.items.push({ ...item, state: 'waiting', sentBytes: 0, refusal: null })
    this.#pump()
    this.#onChange()
  }

  /** Forgets all that have ended. */
  clear(): void {
    if (!this.isIdle) return
    this.items = []
    this.#next = 0
    this.#onChange()
  }

  #pump(): void {
    while (this.#running.size < AT_ONCE && this.#next < this.items.length) {
      const item = this.items[this.#next++] as UploadItem
      if (item.state !== 'waiting') continue
      const cancel = new AbortController()
      this.#running.set(item, cancel)
      this.#run(item, cancel.signal)
        .catch((error: unknown) => this.#ended(item, refusalOf(error)))
        .finally(() => {
          this.#running.delete(item)
          this.#pump()
          this.#settle()
        })
    }
  }

  #ended(item: UploadItem, refusal: Refusal): void {
    item.state = refusal.code === 'CANCELLED' ? 'cancelled' : 'failed'
    item.refusal = refusal
  }

  #settle(): void {
    if (this.isIdle) {
      this.#folders = new Map()
      this.#forAll = null
    }
    this.#onChange()
  }

  async #run(item: UploadItem, signal: AbortSignal): Promise<void> {
    item.state = 'sending'
    const names = await this.#namesIn(parentOf(item.path))
    let replace = false
    for (;;) {
      if (signal.aborted) throw new Refusal('CANCELLED', 'cancelled')
      if (!replace && names.has(nameOf(item.path))) {
        if (await this.#isThere(item)) return
        const answer = await this.#decide(item)
        if (answer === 'skip') {
          item.state = signal.aborted ? 'cancelled' : 'skipped'
          return
        }
        if (answer === 'keep-both') item.path = freePath(item.path, names)
        replace = answer === 'replace'
      }
      names.add(nameOf(item.path))
      if (await this.#send(item, replace, signal)) return
    }
  }

  /** An upload that is repeated goes on where it was: what has this name, size and time is that file. */
  async #isThere(item: UploadItem): Promise<boolean> {
    const { size, lastModified } = item.file
    if (lastModified <= 0) return false
    const there = await this.#target.stat(item.path).catch(() => null)
    if (there?.type !== 'file' || there.sizeBytes !== size || Math.abs(there.modified * 1000 - lastModified) >= 2) return false
    item.sentBytes = size
    item.state = 'done'
    this.#onChange()
    return true
  }

  /** @returns false when something came to have this name meanwhile. */
  async #send(item: UploadItem, replace: boolean, signal: AbortSignal): Promise<boolean> {
    item.state = 'sending'
    const onSent = (bytes: number): void => {
      // What is sent counts the request too; the file is all there is to show.
      item.sentBytes = Math.min(bytes, item.file.size)
      this.#onChange()
    }
    try {
      await this.#target.send(item.path, item.file, { replace, signal, onSent })
    } catch (error) {
      if (!replace && refusalOf(error).code === 'ALREADY_EXISTS') return false
      throw error
    }
    item.sentBytes = item.file.size
    item.state = 'done'
    this.#onChange(item.path)
    return true
  }

  /** One question at a time. */
  #decide(item: UploadItem): Promise<Answer> {
    item.state = 'asking'
    this.#onChange()
    const decided = this.#asking.then(() => this.#forAll ?? this.#ask(item))
    this.#asking = decided.catch(() => {})
    return decided
  }

  async #ask(item: UploadItem): Promise<Answer> {
    const there = await this.#target.stat(item.path).catch(() => null)
    if (this.#running.get(item)?.signal.aborted) return 'skip'
    const others = this.items.length - this.#next + [...this.#running.keys()].filter((one) => one !== item).length
    const answer = await new Promise<Answer>((resolve) => {
      this.question = {
        item,
        there,
        others,
        answer: (chosen, forAll) => {
          if (forAll) this.#forAll = chosen
          resolve(chosen)
        },
      }
      this.#onChange()
    })
    this.question = null
    this.#onChange()
    return answer
  }

  /** The names in a folder that is there or is made now; once for each folder. */
  #namesIn(folder: string): Promise<Set<string>> {
    const known = this.#folders.get(folder)
    if (known) return known
    const names = this.#openFolder(folder)
    this.#folders.set(folder, names)
    names.catch(() => this.#folders.delete(folder))
    return names
  }

  async #openFolder(folder: string): Promise<Set<string>> {
    if (folder === '/') return this.#target.names('/')
    const around = await this.#namesIn(parentOf(folder))
    if (around.has(nameOf(folder))) return this.#target.names(folder)
    try {
      await this.#target.makeDirectory(folder)
    } catch (error) {
      if (refusalOf(error).code !== 'ALREADY_EXISTS') throw error
      return this.#target.names(folder)
    }
    around.add(nameOf(folder))
    this.#onChange(folder)
    return new Set()
  }
}

function freePath(path: string, names: ReadonlySet<string>): string {
  const name = nameOf(path)
  let number = 2
  while (names.has(numberedName(name, number))) number++
  return joinPath(parentOf(path), numberedName(name, number))
}
