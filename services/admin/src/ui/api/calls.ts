import type {
  BundleInfo,
  DiskHealth,
  DiskInfo,
  NetworkState,
  NetworkStatus,
  SshStatus,
  TimeStatus,
  TpmStatus,
  Trial,
  UpdateOffer,
  UpdatePlan,
  UpdatePlanState,
  UpdateStatus,
} from '@holt/control/box/methods.ts'
import type { NetworkSettings } from '@holt/control/box/network-settings.ts'
import type { LogLine, MachineCounters, MachineFacts, MachineHistory } from '@holt/control/machine.ts'
import type { ClassInfo, DoctorReport, DriveInfo, Entry, FoundDrive, Progress, Status } from '@holt/control/schema.ts'
import type { FriendShare, PairingCodeInfo, PeerInfo, PeersStatus, RelationKind } from '@holt/control/peers.ts'
import type { ClassOutlook, Outlook, PeerScore } from '@holt/control/outlook.ts'
import type { ShareInfo } from '@holt/control/shares.ts'
import type { OnConflict, TrashItem } from '@holt/control/trash.ts'
import type { FollowedPath, PackInfo } from '@holt/control/block-tree.ts'
import { query, type RefusalCode, send, sendJson } from './request.ts'
import type { SessionPerson } from './security-calls.ts'

export type { ClassOutlook, Outlook, PeerScore }
export type { FriendShare, PairingCodeInfo, PeerInfo, PeersStatus, RelationKind }
export type { ShareInfo }
export type { FollowedPath, PackInfo }
export type { LogLine, MachineCounters, MachineFacts, MachineHistory }
export type { BundleInfo, DiskHealth, DiskInfo, SshStatus, TimeStatus, TpmStatus, UpdateOffer, UpdatePlan, UpdatePlanState, UpdateStatus }
export type { NetworkSettings, NetworkState, NetworkStatus, Trial }
export type { OnConflict, TrashItem }
export type { ClassInfo, DoctorReport, DriveInfo, Entry, FoundDrive, Progress, Status }

export interface SessionState {
  state: 'set-up' | 'signed-out' | 'signed-in'
  setUpFinished: boolean
  person?: SessionPerson
  others: boolean
}

export interface DriveSuggestion {
  folder: string
  totalBytes: number
  freeBytes: number
}

export interface SetupState {
  hasPassword: boolean
  nodeState: Status['state']
  wordsConfirmed: boolean
  mayShowWords: boolean
  keyBackedUp: boolean
  keyToRestore: string | null
  finished: boolean
  drives: DriveInfo[]
  phoneUrl: string | null
  suggestions: DriveSuggestion[]
}

export interface Job {
  id: string
  kind: 'verify' | 'repair' | 'remove-drive' | 'recover' | 'install-update' | 'fetch-updates' | 'prepare-drive'
  about: string | null
  state: 'running' | 'done' | 'failed' | 'cancelled'
  startedMs: number
  endedMs: number | null
  progress: Progress | null
  result: unknown
  error: { code: RefusalCode; message: string; data: Record<string, unknown> } | null
}

export interface Updates {
  status: UpdateStatus
  plan: UpdatePlanState | null
}

/** What could not be read is null. */
export interface Access {
  ssh: SshStatus | null
  time: TimeStatus | null
  tpm: TpmStatus | null
  account: { hasPassword: boolean | null; isPages: boolean }
}

export interface Authority {
  fingerprint: string
  validTo: string
  port: number | null
  secure: boolean
}

export interface SearchPage {
  found: { path: string; entry: Entry }[]
  after: string | null
  scanned: number
}

export interface Version {
  sequence: number
  time: number
  entry: Entry | null
}

/** Every call the page makes; each may throw a Refusal. */
export const api = {
  session: () => sendJson<SessionState>('GET', 'api/session'),
  signIn: (password: string) => sendJson<void>('POST', 'api/session', { body: { password } }),
  signOut: () => sendJson<void>('DELETE', 'api/session'),
  changePassword: (password: string, newPassword: string) =>
    sendJson<void>('PUT', 'api/session/password', { body: { password, newPassword } }),

  /** @param code as long as there is no owner password. */
  setupState: (code?: string) => sendJson<SetupState>('GET', 'api/setup', code === undefined ? {} : { headers: codeHeader(code) }),
  checkCode: (code: string) => sendJson<void>('POST', 'api/setup/code', { headers: codeHeader(code) }),
  setFirstPassword: (code: string, password: string) =>
    sendJson<void>('POST', 'api/setup/password', { headers: codeHeader(code), body: { password } }),
  makeKey: () => sendJson<{ words: string }>('POST', 'api/setup/key'),
  showWords: () => sendJson<{ words: string }>('GET', 'api/setup/key/words'),
  askWords: () => sendJson<{ positions: number[] }>('GET', 'api/setup/key/question'),
  confirmWords: (answers: string[]) => sendJson<void>('POST', 'api/setup/key/confirm', { body: { answers } }),
  openKey: (key: { words: string } | { fileBase64: string; passphrase: string }) =>
    sendJson<{ principal: string }>('POST', 'api/setup/key/open', { body: key }),
  /** @param at where the node is that shows the code; '' is nearby. */
  joinOwner: (code: string, at: string) => sendJson<void>('POST', 'api/setup/join', { body: { code, ...(at === '' ? {} : { at: [at] }) } }),
  /** @param copyTo leaves the drives as they are: '' is a folder beside the store. */
  recover: (drives: string[], { empty, copyTo, friends }: { empty: boolean; copyTo: string | null; friends: string[] }) =>
    sendJson<Job>('POST', 'api/setup/recover', {
      body: {
        drives,
        empty,
        ...(copyTo === null ? {} : { copyTo: copyTo === '' ? [] : [copyTo] }),
        ...(friends.length === 0 ? {} : { friends }),
      },
    }),
  findDrives: (folders?: string[]) =>
    sendJson<{ found: FoundDrive[] }>('POST', 'api/setup/drives/find', { body: folders ? { folders } : {} }),
  finishSetup: () => sendJson<void>('POST', 'api/setup/finish'),
  backUpKey: async (passphrase: string) => (await send('POST', 'api/key/backup', { body: { passphrase } })).blob(),

  list: (path: string, after?: string, signal?: AbortSignal, at?: number) =>
    sendJson<{ entries: Entry[]; more: boolean }>('GET', `api/files?${query({ path, at, after, limit: 1000 })}`, { signal }),
  stat: (path: string) => sendJson<Entry>('GET', `api/files/entry?${query({ path })}`),
  versions: (path: string, limit?: number) => sendJson<{ versions: Version[] }>('GET', `api/files/versions?${query({ path, limit })}`),
  restore: (path: string, sequence: number) => sendJson<void>('POST', 'api/files/restore', { body: { path, at: String(sequence) } }),
  makeDirectory: (path: string, parents = false) => sendJson<void>('POST', 'api/files/directories', { body: { path, parents } }),
  move: (from: string, to: string, replace = false) => sendJson<void>('POST', 'api/files/move', { body: { from, to, replace } }),
  remove: (paths: string[]) => sendJson<void>('POST', 'api/files/remove', { body: { paths, recursive: true } }),
  search: (path: string, text: string, after: string | undefined, signal: AbortSignal) =>
    sendJson<SearchPage>('GET', `api/files/search?${query({ path, text, after })}`, { signal }),
  thumbnail: async (path: string, content: string, signal: AbortSignal) => {
    const answer = await send('GET', `api/files/thumbnail?${query({ path, content })}`, { signal })
    return answer.status === 204 ? null : answer.blob()
  },
  keepThumbnail: (path: string, content: string, base64: string) =>
    sendJson<void>('PUT', 'api/files/thumbnail', { body: { path, content, base64 } }),
  clearThumbnails: () => sendJson<void>('DELETE', 'api/files/thumbnails'),
  prepareZip: (paths: string[]) => sendJson<{ id: string; name: string }>('POST', 'api/files/zip', { body: { paths } }),
  putInTrash: (paths: string[]) => sendJson<{ items: TrashItem[] }>('POST', 'api/trash', { body: { paths } }),
  trash: (after?: string) => sendJson<{ items: TrashItem[]; more: boolean }>('GET', `api/trash?${query({ after, limit: 1000 })}`),
  restoreFromTrash: (ids: string[], onConflict: OnConflict = 'refuse') =>
    sendJson<{ paths: string[] }>('POST', 'api/trash/restore', { body: { ids, onConflict } }),
  emptyTrash: (ids?: string[]) => sendJson<{ removed: number }>('POST', 'api/trash/empty', { body: ids === undefined ? {} : { ids } }),
  beginning: async (path: string, lengthBytes: number, signal: AbortSignal, at?: number) =>
    (await send('GET', contentUrl(path, { at }), { headers: { range: `bytes=0-${lengthBytes - 1}` }, signal })).arrayBuffer(),

  follow: (path: string, fromByte?: number, signal?: AbortSignal) =>
    sendJson<FollowedPath>('GET', `api/tree?${query({ path, fromByte, limit: 200 })}`, { signal }),
  packs: (after?: string) =>
    sendJson<{ packs: PackInfo[]; more: boolean; total: number }>('GET', `api/packs?${query({ after, limit: 200 })}`),
  pack: (id: string) => sendJson<PackInfo>('GET', `api/packs/${id}`),
  packPaths: (id: string, after?: string, signal?: AbortSignal) =>
    sendJson<{ paths: string[]; after: string | null; looked: number }>('GET', `api/packs/${id}/paths?${query({ after, limit: 100 })}`, {
      signal,
    }),

  status: () => sendJson<Status>('GET', 'api/status'),
  drives: () => sendJson<{ drives: DriveInfo[]; suggestions: DriveSuggestion[] }>('GET', 'api/drives'),
  addDrive: (folder: string) => sendJson<DriveInfo>('POST', 'api/drives', { body: { folder } }),
  classes: () => sendJson<{ classes: ClassInfo[] }>('GET', 'api/classes'),
  jobs: () => sendJson<{ jobs: Job[] }>('GET', 'api/jobs'),
  job: (id: string) => sendJson<Job>('GET', `api/jobs/${id}`),
  startJob: (job: { kind: 'verify' | 'repair' } | { kind: 'remove-drive'; drive: string; force: boolean }) =>
    sendJson<Job>('POST', 'api/jobs', { body: job }),
  shares: () => sendJson<{ shares: ShareInfo[] }>('GET', 'api/shares'),
  createShare: (share: { path: string; label: string; expires: number | null }) =>
    sendJson<ShareInfo>('POST', 'api/shares', { body: share }),
  revokeShare: (id: string) => sendJson<void>('DELETE', `api/shares/${id}`),
  peers: () => sendJson<PeersStatus>('GET', 'api/peers'),
  setPeers: (on: boolean) => sendJson<PeersStatus>('PUT', 'api/peers', { body: { on } }),
  showPairingCode: (wanted: { relation: RelationKind; name: string }) =>
    sendJson<PairingCodeInfo>('POST', 'api/peers/code', { body: wanted }),
  pairingCode: () => sendJson<{ shown: PairingCodeInfo | null }>('GET', 'api/peers/code'),
  hidePairingCode: () => sendJson<void>('DELETE', 'api/peers/code'),
  pair: (wanted: { code: string; relation: RelationKind; name: string }) => sendJson<PeerInfo>('POST', 'api/peers/pair', { body: wanted }),
  shareWithFriend: (id: string, share: { give: boolean; mostBytes: number | null }) =>
    sendJson<FriendShare>('PUT', `api/peers/relations/${id}/share`, { body: share }),
  peersOutlook: () => sendJson<Outlook>('GET', 'api/peers/outlook'),
  wishOfClass: (redundancyClass: string, nines: number) =>
    sendJson<Outlook>('PUT', `api/peers/wishes/${encodeURIComponent(redundancyClass)}`, { body: { nines } }),
  declarePlace: (of: string | null, place: string | null) => sendJson<void>('PUT', 'api/peers/places', { body: { of, place } }),
  endRelation: (id: string) => sendJson<void>('DELETE', `api/peers/relations/${id}`),
  machineCounters: () => sendJson<MachineCounters>('GET', 'api/machine/counters'),
  machineHistory: (span: 'day' | 'month') => sendJson<MachineHistory>('GET', `api/machine/history?${query({ span })}`),
  machineFacts: () => sendJson<MachineFacts>('GET', 'api/machine/facts'),
  log: () => sendJson<{ lines: LogLine[] }>('GET', 'api/log'),
  network: () => sendJson<{ state: NetworkState; status: NetworkStatus }>('GET', 'api/network'),
  tryNetwork: (settings: NetworkSettings) => sendJson<Trial>('PUT', 'api/network', { body: { settings } }),
  confirmNetwork: (id: string) => sendJson<void>('POST', 'api/network/confirm', { body: { id } }),
  rollBackNetwork: () => sendJson<void>('POST', 'api/network/roll-back'),
  addPhone: (name: string, everything: boolean) =>
    sendJson<{ configuration: string; address: string }>('POST', 'api/network/phones', { body: { name, everything } }),
  removePhone: (name: string) => sendJson<void>('DELETE', `api/network/phones/${encodeURIComponent(name)}`),
  authority: () => sendJson<{ authority: Authority | null }>('GET', 'api/authority'),
  updates: () => sendJson<Updates>('GET', 'api/box/updates'),
  setUpdatePlan: (plan: UpdatePlan) => sendJson<void>('PUT', 'api/box/updates/plan', { body: { plan } }),
  lookForUpdates: () => sendJson<Job>('POST', 'api/box/updates/look'),
  installUpdate: (path: string) => sendJson<Job>('POST', 'api/box/updates/install', { body: { path } }),
  dropBundle: () => sendJson<void>('DELETE', 'api/box/updates/bundle'),
  disks: () => sendJson<{ disks: DiskInfo[] }>('GET', 'api/box/disks'),
  diskHealth: (device: string) => sendJson<DiskHealth>('GET', `api/box/disks/health?${query({ device })}`),
  prepareDisk: (device: string, consent: string) => sendJson<Job>('POST', 'api/box/disks/prepare', { body: { device, consent } }),
  access: () => sendJson<Access>('GET', 'api/box/access'),
  setSsh: (ssh: { enabled: boolean; keys: string[] }) => sendJson<void>('PUT', 'api/box/ssh', { body: ssh }),
  joinAccount: (account: { password: string; accountPassword?: string }) => sendJson<void>('PUT', 'api/box/account', { body: account }),
  setTime: (now: number) => sendJson<void>('PUT', 'api/box/time', { body: { now } }),
  makeRecoveryKey: () => sendJson<{ key: string }>('POST', 'api/box/recovery-key', { body: {} }),
  restartBox: () => sendJson<void>('POST', 'api/box/restart'),
  shutDownBox: () => sendJson<void>('POST', 'api/box/shut-down'),
  resetBox: (consent: string, password: string) => sendJson<void>('POST', 'api/box/reset', { body: { consent, password } }),
  cancelJob: (id: string) => sendJson<Job>('DELETE', `api/jobs/${id}`),
}

function codeHeader(code: string): Record<string, string> {
  // A header takes no letters beyond ASCII; what cannot be part of a code is wrong in any form.
  return { 'x-holt-setup-code': code.replace(/[^\x20-\x7e]/g, '?') }
}

export function contentUrl(path: string, options: { view?: boolean; at?: number | undefined } = {}): string {
  return `api/files/content?${query({ path, at: options.at, view: options.view ? 1 : undefined })}`
}
