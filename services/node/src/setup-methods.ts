import type { CallOptions, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { deriveRootKeys, rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import { copyDrive } from '@holt/store/fragments/copy-drive.ts'
import type { RecoveredApart } from '@holt/network/cluster/join-recovered.ts'
import { NodeNames } from '@holt/network/cluster/node-names.ts'
import type { EventLog } from './event-log.ts'
import { findDrives } from './find-drives.ts'
import { keepFirstPlace } from './peers/first-meeting.ts'
import { joinOwner } from './peers/join-owner.ts'
import type { FoundAtFriends } from './peers/find-at-friends.ts'
import { tellMerged } from './peers/shared-volume.ts'
import type { Methods } from './method-table.ts'
import { newestHead, type OpenTree, openTree } from './open-tree.ts'
import type { NodePlatform } from './platform.ts'
import { storeRootKey } from './root-key-store.ts'
import { type NodeSettings, newSettings, readSettings, writeSettings } from './settings.ts'

export interface SetupContext {
  platform: NodePlatform
  events: EventLog
  /** 'damaged': set up once, but its settings or its copy of the root key are damaged. */
  state(): 'new' | 'damaged' | 'recovering' | 'ready' | 'failed'
  /** @returns goes back to the state before unless the node is ready by then. */
  recovering(): () => void
  ready(tree: OpenTree): void
  /** Asks friends at these addresses for what they keep. @throws HoltError PEER_UNREACHABLE */
  askFriends(tree: Pick<OpenTree, 'keys' | 'keeper'>, options: { at: readonly string[]; signal?: AbortSignal }): Promise<FoundAtFriends>
  /** What nodes of the owner had apart becomes one. */
  joinApart(tree: OpenTree, lines: readonly Uint8Array[]): Promise<RecoveredApart>
  /** All that friends had is durable here. */
  recovered(): Promise<void>
  /** What was begun with them is ended when nothing came of it. */
  leaveFriends(): Promise<void>
}

/** Calls that make a new node somebody's. */
export function setupMethods(context: SetupContext): Methods<'node.init' | 'node.join' | 'node.recover' | 'drives.find'> {
  return {
    'node.init': (params) => takingTurn(context, ['new'], () => init(context, params)),
    'node.join': (params, options) => takingTurn(context, ['new'], () => join(context, params, options)),
    'drives.find': async ({ folders }) => ({ found: await findDrives(context.platform, folders) }),
    'node.recover': (params, options) => takingTurn(context, ['new', 'damaged'], () => recover(context, params, options)),
  }
}

/** One of them at a time, and only where there is nothing to lose by it. */
async function takingTurn<T>(context: SetupContext, from: readonly string[], work: () => Promise<T>): Promise<T> {
  const state = context.state()
  if (!from.includes(state))
    throw new HoltError('ALREADY_INITIALIZED', `this node is ${state === 'recovering' ? 'being set up' : 'set up already'}`)
  const goBack = context.recovering()
  try {
    return await work()
  } finally {
    goBack()
  }
}

/** Without drives named by the owner, a folder beside the store is the only one. */
function driveFolders(platform: NodePlatform, wanted: readonly string[] | undefined): string[] {
  if (wanted === undefined || wanted.length === 0) return [`${platform.dataFolder}/drive`]
  const folders = wanted.map((folder) => platform.driveFolder(folder))
  if (new Set(folders).size < folders.length) throw new HoltError('DRIVE_IN_USE', 'a folder is named twice')
  return folders
}

async function init({ platform, events, ready }: SetupContext, { words, drives }: Params<'node.init'>): Promise<Result<'node.init'>> {
  const rootKey = words === undefined ? platform.crypto.randomBytes(32) : rootKeyFromWords(words)
  const settings = newSettings()
  const tree = await openTree(platform, { settings, rootKey, events, fresh: 'init', newDrives: driveFolders(platform, drives) })
  await storeRootKey(platform, rootKey)
  await writeSettings(platform.data, settings)
  ready(tree)
  return { words: rootKeyToWords(rootKey), principal: principalToText(tree.keys.principal.publicKey) }
}

/** As `init` with words that another node has said; what that one has comes in the background. */
async function join(
  context: SetupContext,
  { code, at = [], drives, name = '' }: Params<'node.join'>,
  { signal }: CallOptions,
): Promise<Result<'node.join'>> {
  // what cannot be taken as a drive is found out before the code is used up
  const folders = drives?.map((folder) => context.platform.driveFolder(folder))
  const { rootKey, host } = await joinOwner(context.platform, { code, at, ...(signal ? { signal } : {}) })
  // before it is anybody's: it says so at the first meeting
  if (name !== '') await (await NodeNames.open(context.platform.data, () => {})).setSelf(name.trim())
  if (host !== null) {
    const owner = deriveRootKeys(context.platform.crypto, rootKey).principal.publicKey
    await keepFirstPlace(context.platform.data, { owner, ...host })
  }
  const { principal } = await init(context, { words: rootKeyToWords(rootKey), ...(folders ? { drives: folders } : {}) })
  return { principal }
}

/** What is left of the settings when only the root key is damaged. */
async function settingsLeft(platform: NodePlatform): Promise<NodeSettings> {
  const left = await readSettings(platform.data).catch(() => null)
  return { ...(left ?? newSettings()), keyBackedUp: true }
}

/** The settings come last: a recovery that is cut off is begun again from nothing. */
async function recover(context: SetupContext, params: Params<'node.recover'>, options: CallOptions): Promise<Result<'node.recover'>> {
  const { platform, events, ready } = context
  const { friends: at = [], drives = [] } = params
  if (at.length === 0 && drives.length === 0)
    throw new HoltError('INPUT_INVALID', 'name the drives that are left, or where a friend is', { field: 'drives' })
  const rootKey = rootKeyFromWords(params.words)
  const settings = await settingsLeft(platform)
  const known = new Set(settings.drives.map(({ folder }) => folder))
  const copied = params.copyTo === undefined ? null : await copyDrives(platform, { drives, copyTo: params.copyTo }, { rootKey, ...options })
  let found: FoundAtFriends | null = null
  const opening = openTree(platform, {
    settings,
    rootKey,
    events,
    fresh: 'recover',
    newDrives: driveFolders(platform, params.copyTo ?? drives).filter((folder) => !known.has(folder)),
    ...(at.length > 0 && {
      beforeStore: async (keeper, keys) => void (found = await context.askFriends({ keeper, keys }, { at, signal: options.signal })),
    }),
    onProgress: options.onProgress,
    signal: options.signal,
  })
  const tree = await opening.catch(async (error: unknown) => {
    if (at.length > 0) await context.leaveFriends()
    throw error
  })
  const friends = found === null ? null : await toldOf(context, tree, found as FoundAtFriends)
  if (at.length > 0) settings.peersOn = true
  await tree.keeper.dropCopies()
  await storeRootKey(platform, rootKey)
  await writeSettings(platform.data, settings)
  if (friends?.behind === false) await context.recovered()
  ready(tree)
  const { packs, lostPacks } = tree.store.stats()
  const principal = principalToText(tree.keys.principal.publicKey)
  return {
    principal,
    sequence: tree.volume.current().sequence,
    packs,
    lostPacks,
    ...(copied && { copied }),
    ...(friends && { friends }),
  }
}

/**
 * Of friends. What nodes had apart is put together before anything says that the recovery is done; a head that friends name and that is newer than
 * what could be opened must not go unsaid.
 */
async function toldOf(context: SetupContext, tree: OpenTree, { heads, lines, behind, late, ...counts }: FoundAtFriends) {
  const { isAll, conflicts } = await context.joinApart(tree, lines)
  tellMerged(tree, conflicts)
  const newest = newestHead(context.platform, heads, tree.keys)?.head.seq ?? 0
  return { ...counts, late: late.length, behind: behind || !isAll || newest > tree.volume.current().sequence }
}

interface Copied {
  files: number
  present: number
  damaged: number
}

/** The drives one after the other, to the new folders in turn. Begun anew it goes on where it was. */
async function copyDrives(
  platform: NodePlatform,
  { drives, copyTo }: { drives: readonly string[]; copyTo: readonly string[] },
  { rootKey, signal, onProgress }: CallOptions & { rootKey: Uint8Array },
): Promise<Copied> {
  const targets = driveFolders(platform, copyTo)
  const { crypto, pool } = platform
  const owner = { crypto, storageSeed: deriveRootKeys(crypto, rootKey).storage.seed }
  const all = { files: 0, present: 0, damaged: 0 }
  for (const [i, folder] of driveFolders(platform, drives).entries()) {
    const target = targets[i % targets.length] as string
    await platform.makeDriveFolder(target)
    const { copied, present, damaged } = await copyDrive(platform.openDrive(folder), platform.openDrive(target), {
      owner,
      pool,
      createdSeconds: Math.floor(platform.now() / 1000),
      signal,
      onProgress: (progress) => onProgress?.({ phase: 'copy', path: folder, ...progress }),
    })
    all.files += copied
    all.present += present
    all.damaged += damaged
  }
  return all
}
