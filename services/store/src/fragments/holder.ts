import type { HoltErrorJson } from '@holt/core/errors.ts'
import type { PackId } from '../pack-keeper.ts'
import type { FragmentName } from './drive-folder.ts'
import type { FilePlace } from './fragment-writer.ts'

/** The states of a holder, worst first: `missing` answers nothing; `failing` is read but no longer written to; `full` likewise. */
export type HolderState = 'missing' | 'failing' | 'full' | 'removing' | 'ok'

/** A fragment that is being written: not listed, and gone at the next start, until it is accepted. */
export interface StagedFragment {
  name: FragmentName
  /** Where a job writes the whole file, and syncs it. */
  place: FilePlace
  sizeBytes: number
}

/**
 * What keeps fragments: a drive of this node (`DriveHolder`), later a peer. Writing has two steps, so that the heavy work can
 * happen on any thread: `stage` names a local file, a job writes and syncs it, `accept` makes it the fragment, durably.
 */
export interface FragmentHolder {
  readonly id: string
  readonly state: HolderState
  /** Says why the state is not `ok`. */
  readonly problem: string | null
  /** Bytes that may still be staged, as far as known. */
  readonly freeBytes: number
  readonly totalBytes: number

  /**
   * Reserves room and names the file to write.
   *
   * @throws HoltError DRIVE_MISSING, DISK_FULL.
   */
  stage(name: FragmentName, sizeBytes: number): Promise<StagedFragment>
  /** Makes a written and synced file the fragment; replaces an older one of that name. Durable when it resolves. */
  accept(staged: StagedFragment): Promise<void>
  /** Forgets what was staged. Never throws. */
  discard(staged: StagedFragment): Promise<void>
  /** A write failed there (in a job): decides what it says about the holder's state. */
  noteFailure(error: HoltErrorJson): Promise<void>

  /** Where a fragment can be read as a file. */
  place(name: FragmentName): FilePlace
  /** An absolute local path of it; null where there is none. */
  localPath(name: FragmentName): string | null
  /**
   * @returns null when it is not there or shorter.
   * @throws HoltError DRIVE_MISSING, IO_FAILED.
   */
  read(name: FragmentName, offset: number, lengthBytes: number): Promise<Uint8Array | null>
  /** @returns null when it is not there. */
  readEnd(name: FragmentName, maxBytes: number): Promise<{ end: Uint8Array; fileBytes: number } | null>
  /** Durably gone when it resolves; nothing happens when it is not there. @throws HoltError DRIVE_MISSING, IO_FAILED. */
  remove(names: readonly FragmentName[]): Promise<void>
  /** Removes all fragments of these packs, as `remove` does. */
  removePacks(packs: readonly PackId[]): Promise<void>
  /** Every fragment, by name alone. @throws HoltError DRIVE_MISSING, IO_FAILED. */
  list(): Promise<FragmentName[]>
  /** Looks whether it is there, and how much room it has. Never throws. */
  check(): Promise<void>
}
