import type { Progress } from '@holt/control/schema.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { deriveRootKeys, type RootKeys } from '@holt/core/root-key.ts'
import { type Clock, systemClock } from '@holt/store/fragments/clock.ts'
import type { DriveKeeper } from '@holt/store/fragments/drive-keeper.ts'
import type { KeeperEvent } from '@holt/store/fragments/keeper-context.ts'
import { openDriveKeeper } from '@holt/store/fragments/open-drive-keeper.ts'
import { openPackStore, type PackStore } from '@holt/store/pack-store.ts'
import { parseHead, type Head, verifyHead } from '@holt/tree/caps/head.ts'
import type { TreeVolume } from '@holt/tree/tree-volume.ts'
import type { Volume } from '@holt/tree/types.ts'
import { createVolume, openVolume } from '@holt/tree/volume.ts'
import type { VolumeOptions } from '@holt/tree/volume-options.ts'
import type { EventLog } from './event-log.ts'
import { isHidden } from './hidden/hidden-area.ts'
import { Thumbnails } from './hidden/thumbnails.ts'
import { Trash } from './hidden/trash.ts'
import { Uploads } from './hidden/uploads.ts'
import { VisibleVolume } from './hidden/visible-volume.ts'
import { Maintenance } from './maintenance.ts'
import { PhotoBackup } from './photos/photo-backup.ts'
import type { NodePlatform } from './platform.ts'
import { Programs } from './programs/programs.ts'
import type { NodeSettings } from './settings.ts'
import { Shares } from './shares/shares.ts'
import { SpaceMonitor } from './space/space-monitor.ts'

/** Everything of a node that is set up: from the drives to the root volume. */
export interface OpenTree {
  platform: NodePlatform
  settings: NodeSettings
  keys: RootKeys
  keeper: DriveKeeper
  store: PackStore
  /** Without its hidden area. */
  volume: Volume
  wholeVolume: TreeVolume
  trash: Trash
  thumbnails: Thumbnails
  uploads: Uploads
  maintenance: Maintenance
  shares: Shares
  programs: Programs
  /** null but on a phone. */
  photos: PhotoBackup | null
  space: SpaceMonitor
  events: EventLog
  close(): Promise<void>
}

export interface OpenTreeOptions {
  settings: NodeSettings
  rootKey: Uint8Array
  events: EventLog
  /** Folders that become drives first; `settings.drives` then names them. */
  newDrives?: readonly string[]
  /** 'init': no version may be there yet. 'recover': one must be there. */
  fresh?: 'init' | 'recover'
  /** What is done between the drives and the store: what friends have is made known to the keeper. */
  beforeStore?: (keeper: DriveKeeper, keys: RootKeys) => Promise<void>
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
}

/** @throws HoltError of the drives, the store and the head; see `OpenTreeOptions.fresh`. */
export async function openTree(platform: NodePlatform, options: OpenTreeOptions): Promise<OpenTree> {
  const keys = deriveRootKeys(platform.crypto, options.rootKey)
  let store: PackStore | null = null
  const keeper = await openKeeper(platform, options, keys, () => store?.retry())
  try {
    await options.beforeStore?.(keeper, keys)
    store = await openStore(platform, options, keeper)
    try {
      return await assemble(platform, options, { keys, keeper, store })
    } catch (error) {
      await store.close()
      throw error
    }
  } catch (error) {
    await keeper.close()
    throw error
  }
}

async function openKeeper(
  platform: NodePlatform,
  { settings, events, newDrives, fresh, beforeStore }: OpenTreeOptions,
  keys: RootKeys,
  packsChanged: () => void,
): Promise<DriveKeeper> {
  const keeper = await openDriveKeeper({
    dataDisk: platform.data,
    drives: settings.drives.map(({ folder, id }) => ({ folder, id, disk: platform.openDrive(folder) })),
    classes: Object.fromEntries(settings.classes.map(({ name, ...code }) => [name, code])),
    pool: platform.pool,
    crypto: platform.crypto,
    storageSeed: keys.storage.seed,
    clock: ownClock(platform),
    onEvent: (event) => {
      events.add({ kind: event.kind, text: textOf(event) })
      // also what came back from friends may be of packs that the store could not read
      packsChanged()
    },
  })
  for (const folder of newDrives ?? []) {
    if (fresh === 'init' || beforeStore !== undefined) await platform.makeDriveFolder(folder)
    const { id } = await keeper.addDrive(platform.openDrive(folder), folder)
    settings.drives.push({ folder, id })
  }
  return keeper
}

/** What a node does for its own drives goes by the system's clock, but on a phone, which must rest. */
function ownClock({ power }: NodePlatform): Clock {
  return power?.clock ?? systemClock
}

function textOf(event: KeeperEvent): string {
  if (event.kind === 'repair') return event.text
  return `drive ${event.folder} is ${event.state}${event.problem === null ? '' : `: ${event.problem}`}`
}

function openStore(platform: NodePlatform, { onProgress, signal }: OpenTreeOptions, keeper: DriveKeeper): Promise<PackStore> {
  return openPackStore({
    disk: platform.data,
    keeper,
    crypto: platform.crypto,
    clock: ownClock(platform),
    onProblem: ({ what, where, repaired }) => platform.log(repaired ? 'info' : 'warn', `${what}: ${where}${repaired ? ' (repaired)' : ''}`),
    onProgress: ({ donePacks, totalPacks }) =>
      onProgress?.({ phase: 'recover', doneBytes: 0, totalBytes: 0, doneItems: donePacks, totalItems: totalPacks }),
    signal,
  })
}

type Parts = Pick<OpenTree, 'keys' | 'keeper' | 'store'>

async function assemble(platform: NodePlatform, options: OpenTreeOptions, { keys, keeper, store }: Parts): Promise<OpenTree> {
  const { settings, events, fresh } = options
  const head = newestHead(platform, store.heads(), keys)?.bytes ?? null
  if (fresh === 'init' && head !== null) {
    throw new HoltError('ALREADY_INITIALIZED', 'these drives hold a tree of this root key already: recover it instead')
  }
  if (fresh !== 'init' && head === null) {
    throw new HoltError(
      'NOT_FOUND',
      `no version of a tree of this root key is on these drives${options.beforeStore ? ' or with the friends who answered' : ''}`,
      {
        drives: settings.drives.map(({ folder }) => folder),
      },
    )
  }
  const volumeOptions: VolumeOptions = {
    store,
    crypto: platform.crypto,
    pool: platform.pool,
    id: keys.volume.id,
    owner: keys.principal.publicKey,
    salt: keys.volume.salt,
    keys: { key: (epoch) => keys.volumeKey(epoch) },
    signer: { ...keys.principal, chain: [] },
    head,
    clock: () => platform.now(),
    onEvent: ({ changes }) => {
      const told = changes.filter(({ path }) => !isHidden(path)).slice(0, MOST_CHANGES_TOLD)
      for (const { path } of told) events.add({ kind: 'changed', path })
    },
  }
  const wholeVolume = head === null ? await createVolume(volumeOptions) : await openVolume(volumeOptions)
  const volume = new VisibleVolume(wholeVolume)
  const trash = new Trash({ volume: wholeVolume, crypto: platform.crypto, now: () => platform.now() })
  const thumbnails = new Thumbnails({ volume: wholeVolume, store, crypto: platform.crypto, now: () => platform.now() })
  const shares = await Shares.open({ platform, keys, store, volume })
  const uploads = new Uploads({ volume: wholeVolume, store, crypto: platform.crypto, pool: platform.pool, now: () => platform.now() })
  const programs = await Programs.open({ platform, keys, store, volume, wholeVolume })
  const { media } = platform
  const photos = media ? await PhotoBackup.open({ platform, media, store, volume: wholeVolume }) : null
  const maintenance = new Maintenance({ platform, clock: ownClock(platform), settings, keeper, volume, store, trash, uploads })
  maintenance.start()
  const space = new SpaceMonitor({ ...platform, clock: ownClock(platform), keeper, now: () => platform.now() })
  await space.start()
  photos?.start()
  const close = async (): Promise<void> => {
    await photos?.close()
    await programs.close()
    shares.close()
    await maintenance.stop()
    await space.stop()
    await uploads.close()
    await thumbnails.close()
    await volume.close()
    await store.close()
    await keeper.close()
  }
  return {
    platform,
    settings,
    keys,
    keeper,
    store,
    volume,
    wholeVolume,
    trash,
    thumbnails,
    uploads,
    shares,
    programs,
    photos,
    space,
    maintenance,
    events,
    close,
  }
}

/** A commit of 20,000 files does not flood those who wait for events. */
const MOST_CHANGES_TOLD = 200

/** The valid head of the root volume with the highest sequence number; null when there is none. */
export function newestHead(
  { crypto, log }: NodePlatform,
  heads: readonly Uint8Array[],
  keys: RootKeys,
): { head: Head; bytes: Uint8Array } | null {
  let newest: { head: Head; bytes: Uint8Array } | null = null
  for (const bytes of heads) {
    try {
      const head = parseHead(bytes)
      if (!equalBytes(head.volume, keys.volume.id)) continue
      verifyHead(crypto, head)
      if (newest === null || head.seq > newest.head.seq) newest = { head, bytes }
    } catch (error) {
      log('warn', `a head is not believed: ${(error as Error).message}`)
    }
  }
  return newest
}
