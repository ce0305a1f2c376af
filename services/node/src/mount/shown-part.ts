import type { MountOptions, TreeSpace } from '@holt/control/mounted-tree.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { timeOfMs } from '@holt/tree/times.ts'
import type { Edit, Snapshot, Time, TreeEntry, Volume } from '@holt/tree/types.ts'
import { InodeTable, type Numbers } from './inode-table.ts'
import { MountFailures } from './mount-failures.ts'

export interface MountedContext {
  volume: Volume
  crypto: Crypto
  now(): number
  space(): Promise<TreeSpace>
  log(text: string): void
  ended(): void
  numbers: Numbers
}

/** What is shown of the tree: as it is, or as it was, by which numbers, and whether anything of it may be changed. */
export class ShownPart {
  readonly context: MountedContext
  readonly options: MountOptions
  readonly table: InodeTable
  readonly failures: MountFailures
  /** What is shown when it is not the newest version. */
  readonly fixed: Snapshot | null
  #isOver = false

  constructor(context: MountedContext, options: MountOptions, { fixed, top }: { fixed: Snapshot | null; top: TreeEntry }) {
    this.context = context
    this.options = options
    this.fixed = fixed
    this.table = new InodeTable(options.path, top, { numbers: context.numbers, isNow: fixed === null })
    this.failures = new MountFailures(context)
  }

  get snapshot(): Snapshot {
    return this.fixed ?? this.context.volume.current()
  }

  get now(): Time {
    return timeOfMs(this.context.now())
  }

  get isReadOnly(): boolean {
    return this.fixed !== null || this.options.readOnly
  }

  /** Seen at once, durable a moment later. */
  edit<T>(change: (edit: Edit) => Promise<T>): Promise<T> {
    if (this.isReadOnly) throw readOnlyError()
    return this.context.volume.edit(change, { lazy: this.failures.ofLazyEdits })
  }

  checkWritable(): void {
    if (this.#isOver) throw new HoltError('NODE_STOPPING', 'it is not mounted any more')
    if (this.isReadOnly) throw readOnlyError()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  end(): void {
    this.#isOver = true
  }
}

export function readOnlyError(): HoltError {
  return new HoltError('NOT_AUTHORIZED', 'it is shown for reading only', { readOnly: true })
}
