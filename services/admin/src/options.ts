import type { AppPasswordBook } from '@holt/control/app-passwords.ts'
import type { Control } from '@holt/control/schema.ts'
import type { SharedTree } from '@holt/control/shared-tree.ts'
import type { FileStreams } from '@holt/control/streams.ts'

/** Where the page reports what a person running the node may want to know; never secrets. */
export interface AdminLog {
  info(text: string, facts?: Readonly<Record<string, unknown>>): void
  warn(text: string, facts?: Readonly<Record<string, unknown>>): void
  error(text: string, facts?: Readonly<Record<string, unknown>>): void
}

export interface DriveSuggestion {
  /** Absolute folder; it need not exist yet. */
  folder: string
  totalBytes: number
  freeBytes: number
}

export interface AdminOptions {
  control: Control
  files: FileStreams
  shared: SharedTree
  /** The page keeps its own state in `web/` under it: password hash, sessions. */
  dataFolder: string
  /** Port 0 takes any free one. */
  listen: { host: string; port: number }
  /** Serve it over HTTPS too, on this port of the same address; port 0 takes any free one. */
  https?: { port: number }
  /** The built page: index.html and assets/. */
  uiFolder: string
  log: AdminLog
  /**
   * Called with the set-up code when the page starts without an owner, again when wrong tries used it up, and with null
   * once a password is set.
   */
  onSetupCode?: (code: string | null) => void
  /**
   * Without it, in the cookie `START_COOKIE`, nobody gets any answer. For phones, where every app may ask what listens on the loopback
   * address: only the app itself knows what was made for this start.
   */
  startToken?: string
  /** Names, besides IP addresses and localhost, under which browsers may call; against DNS rebinding. */
  allowedHosts?: readonly string[]
  /** Of messages to browsers that are closed: whom push services may write to, and, for tests, a push service on this machine. */
  push?: { contact?: string; loopback?: boolean; retryMs?: readonly number[] }
  /** How often it looks of itself; on a phone, which must rest, rarely. */
  lookEveryMs?: number
  /** Folders offered in the wizard and when a drive is added. */
  suggestDrives?: () => Promise<DriveSuggestion[]>
}

export interface RunningAdmin {
  url: string
  /** Where a phone in the same network opens the page; null where none can. */
  readonly phoneUrl: string | null
  /** null without HTTPS. */
  readonly https: { url: string; fingerprint: string } | null
  /** null once an owner password exists. */
  readonly setupCode: string | null
  /** The owner's passwords for WebDAV programs. */
  readonly appPasswords: AppPasswordBook
  close(): Promise<void>
}
