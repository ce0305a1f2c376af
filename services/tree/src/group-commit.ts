import { nextTurn, turnsNowMs } from '@holt/core/event-loop.ts'
import { ChangeList } from './changes.ts'
import type { Version, VolumeTree } from './committer.ts'

/** An edit that is done in memory and waits to be durable. */
export interface WaitingEdit {
  /** What the volume is after it. */
  tree: VolumeTree
  changes: ChangeList
  /** What it holds in memory, about. */
  sizeBytes: number
  /** Nobody waits for it: it goes with the next group, or when it has waited long. */
  isLazy: boolean
}

interface Waiting extends WaitingEdit {
  resolve(): void
  reject(failure: Error): void
}

export interface GroupCommitOptions {
  gatherMs?: number
  /** Other edits run or wait for their turn. */
  isMoreComing(): boolean
  commit(tree: VolumeTree): Promise<Version>
  /** The tree of this group is durable; called before its edits are told. */
  committed(tree: VolumeTree, version: Version, changes: ChangeList): void
  /** The edits of this group and those that built on them are void; called before they are told. */
  failed(failure: Error): void
}

/** More than this in memory, and new edits wait for the drive. */
const MOST_WAITING_BYTES = 16 << 20

/** Long enough for many small edits, short enough for one who waits for one. */
const GATHER_MS = 10

/** What a power cut may take of what nobody waited for. */
export const LAZY_MS = 2000

/** Commits edits in groups: those that come while one commit is under way share the next. */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  #waiting: Waiting[] = []
  #underWay: Waiting[] = []
  #running: Promise<void> | null = null
  #round: Promise<void> = Promise.resolve()
  #sizeBytes = 0
  #isUrged = false
  #urge = (): void => {}

  constructor(options: GroupCommitOptions) {
    this.#options = options
  }

  /** Resolves when the edit is durable. @throws what the commit failed with. */
  add(edit: WaitingEdit): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...edit, resolve, reject })
      this.#sizeBytes += edit.sizeBytes
      if (!edit.isLazy || this.#sizeBytes > MOST_WAITING_BYTES) this.#hurry()
      this.#running ??= this.#run()
    })
  }

  #hurry(): void {
    this.#isUrged = true
    this.#urge()
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== null) {
      this.#hurry()
      await this.#running
    }
  }

  /** Resolves when there is memory for another edit. */
  async room(): Promise<void> {
    while (this.#running !== null && this.#sizeBytes > MOST_WAITING_BYTES) await this.#round
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (!this.#isUrged) await this.#untilUrged()
      await this.#gather()
      this.#isUrged = false
      this.#underWay = this.#waiting
      this.#waiting = []
      this.#round = this.#commitGroup()
      await this.#round
      for (const { sizeBytes } of this.#underWay) this.#sizeBytes -= sizeBytes
      this.#underWay = []
    }
    this.#running = null
  }

  #untilUrged(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LAZY_MS)
      this.#urge = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Edits that are nearly there join the group: an fsync costs more than waiting for them. */
  async #gather(): Promise<void> {
    const began = turnsNowMs()
    do await nextTurn()
    while (this.#options.isMoreComing() && turnsNowMs() - began < (this.#options.gatherMs ?? GATHER_MS))
  }

  async #commitGroup(): Promise<void> {
    const { tree } = this.#underWay.at(-1) as Waiting
    const changes = new ChangeList()
    for (const edit of this.#underWay) changes.addAll(edit.changes)
    try {
      const version = await this.#options.commit(tree)
      this.#options.committed(tree, version, changes)
      for (const edit of this.#underWay) edit.resolve()
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error))
      const failed = [...this.#underWay, ...this.#waiting]
      for (const { sizeBytes } of this.#waiting) this.#sizeBytes -= sizeBytes
      this.#waiting = []
      this.#options.failed(failure)
      for (const edit of failed) edit.reject(failure)
    }
  }
}
