import type { BoxMethodName, BoxMethods } from '@holt/control/box/methods.ts'
import type { ParamsIn, ResultIn } from '@holt/control/method-schema.ts'
import type { CallOptions } from '@holt/control/schema.ts'
import type { Crypto } from '@holt/core/crypto.ts'
import type { Disk } from '@holt/core/disk.ts'
import type { Machine } from '@holt/core/machine.ts'
import type { TransferProgress, TransferTotals } from '@holt/core/transfer.ts'
import type { WorkPool } from '@holt/core/work-pool.ts'
import type { StartHost } from '@holt/network/host.ts'
import type { Sandbox } from '@holt/sandbox/types.ts'
import type { Clock } from '@holt/store/fragments/clock.ts'
import type { FragmentJobs } from '@holt/store/fragments/fragment-jobs.ts'
import type { BlockStore } from '@holt/store/types.ts'
import type { TreeJobs } from '@holt/tree/jobs.ts'
import type { Snapshot, Volume } from '@holt/tree/types.ts'
import type { PhoneMedia } from './photos/phone-media.ts'
import type { PhonePower } from './power/phone-power.ts'

interface TransferOptions {
  signal?: AbortSignal
  onProgress?: (progress: TransferProgress) => void
}

/** Local files beside the tree; only platforms that have them offer this. */
export interface LocalFiles {
  import(
    context: { store: BlockStore; volume: Volume },
    options: TransferOptions & { locals: readonly string[]; path: string; place: 'into' | 'as'; randomAccess?: boolean },
  ): Promise<TransferTotals>
  export(
    context: { store: BlockStore; snapshot: Snapshot },
    options: TransferOptions & { path: string; local: string },
  ): Promise<TransferTotals>
}

/** The helper of a box: it may do what a node must not. */
export interface BoxHelper {
  call<Name extends BoxMethodName>(
    name: Name,
    params: ParamsIn<BoxMethods, Name>,
    options?: CallOptions,
  ): Promise<ResultIn<BoxMethods, Name>>
}

/** A request to the page of a program. */
export interface PageRequest {
  method: string
  /** Absolute. */
  url: string
  headers: [string, string][]
  body: Uint8Array
  /** It asks to become a WebSocket. */
  webSocket?: boolean
}

export interface PageResponse {
  status: number
  headers: [string, string][]
  body: Uint8Array
}

/** An answer of a page. */
export interface PageAnswer extends PageResponse {
  /**
   * It stays open, after its body was sent; with the status 101 what asked for it becomes a WebSocket. Called once in any case; where it could not be
   * opened, because who asked has gone, `closed` comes next.
   */
  open?: (line: PageLine) => PageLineEvents
}

/** An open answer, or a WebSocket. It is pinged, and cut off when it does not answer, or does not read what it is sent. */
export interface PageLine {
  /** Handed to it and not yet to the system. */
  readonly waitingBytes: number
  /** @param text of a WebSocket's message: it is UTF-8, and told so. */
  send(bytes: Uint8Array, text: boolean): void
  /** After what was sent. A WebSocket's other end is told code and reason. */
  close(code: number, reason: string): void
  /** No more messages until `resume`, but for those that have come. */
  pause(): void
  resume(): void
}

/** Each is called from outside, never by a method of the line. */
export interface PageLineEvents {
  message(bytes: Uint8Array, text: boolean): void
  /** Nothing waits any more. */
  drained(): void
  /** Once; nothing comes after it. `code` is that of a WebSocket's close, or which it would be. */
  closed(code: number, reason: string): void
}

export interface PageListener {
  readonly port: number
  /** All lines are closed, too. */
  close(): Promise<void>
}

/**
 * Opens the page of one program on a port of its own.
 *
 * @param options `port`: of the time before; another is taken when it is not free. `network`: other machines reach it too.
 */
export type ListenPage = (options: {
  port: number | null
  name: string
  network: boolean
  answer: (request: PageRequest) => Promise<PageAnswer>
}) => Promise<PageListener>

/**
 * One HTTP request out, without following where an answer sends on.
 *
 * @throws HoltError PEER_UNREACHABLE, TIMED_OUT, TOO_LARGE; NOT_AUTHORIZED for a private address unless `mayBePrivate`.
 */
export type FetchOut = (request: {
  method: string
  url: string
  headers: [string, string][]
  body: Uint8Array
  mayBePrivate: boolean
  maxBytes: number
  signal: AbortSignal
}) => Promise<PageResponse>

/** What a node runs on: everything it may do to the outside comes in through here. */
export interface NodePlatform {
  readonly crypto: Crypto
  readonly pool: WorkPool<TreeJobs & FragmentJobs>
  /** The data folder; this process alone has it (the platform took its lock). */
  readonly data: Disk
  /** Text for people: where the data folder is. */
  readonly dataFolder: string
  /** Makes a drive's folder in one that is there; does nothing when it is there. @throws HoltError DRIVE_MISSING. */
  makeDriveFolder(folder: string): Promise<void>
  /** A folder as a drive, existing or not. */
  openDrive(folder: string): Disk
  /** Absolute and clean; throws INPUT_INVALID for what is no absolute folder name. */
  driveFolder(folder: string): string
  readonly localFiles: LocalFiles | null
  /** Only where the machine itself is ours. */
  readonly box?: BoxHelper | null
  /** Only in the app of a phone. */
  readonly media?: PhoneMedia | null
  /** Only on a phone, which must rest; its clock is `clock` then. */
  readonly power?: PhonePower | null
  /** Only where it can be known. */
  readonly machine?: Machine | null
  /** Only where other nodes can be reached. */
  readonly startHost?: StartHost | null
  /** Only where programs can be kept in. */
  readonly sandbox?: Sandbox | null
  readonly listenPage?: ListenPage | null
  readonly fetchOut?: FetchOut | null
  /** By which the node does what it does by itself; that of the system when it is left out. */
  readonly clock?: Clock
  /** Milliseconds of a clock that only goes on; that of the thread when it is left out. */
  readonly steadyMs?: () => number
  /** Milliseconds since 1970. */
  now(): number
  process(): {
    pid: number
    uptimeSeconds: number
    memory: { rssBytes: number; heapBytes: number }
    eventLoopDelayMs: { p50: number; p99: number; max: number }
  }
  log(level: 'info' | 'warn' | 'error', text: string): void
}
