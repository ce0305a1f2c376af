import type { CallOptions, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { keepsVersion } from '@holt/tree/retention.ts'
import { searchNames } from '@holt/tree/search-names.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'

type SpaceMethod = 'space.history' | 'classes.choices' | 'classes.folders' | 'classes.folder' | 'retention.preview'

/** A call answers after so long with what it has. */
const CALL_MS = 200
const MOST_FOLDERS = 500
const MEASURE_MS = 1500
const HOUR = 3600
const DAY = 24 * HOUR
const TRASH_PAGE = 1000
const everything = (): boolean => true

/** Calls that tell what decisions about space would come to; none of them changes anything. */
export function spaceMethods(tree: () => OpenTree): Methods<SpaceMethod> {
  return {
    'space.history': ({ span }) => tree().space.history(span),
    'classes.choices': async () => {
      const { keeper } = tree()
      await keeper.lookAtDrives()
      const drives = keeper.drives()
      return { drives: drives.length, missing: drives.filter(({ state }) => state !== 'ok').length, choices: keeper.choices() }
    },
    'classes.folders': (params, options) => classFolders(tree(), params, options),
    'classes.folder': (params, options) => folderFacts(tree(), params, options),
    'retention.preview': (params, options) => previewRetention(tree(), params, options),
  }
}

async function classFolders(
  { volume, platform }: Pick<OpenTree, 'volume' | 'platform'>,
  { after }: Params<'classes.folders'>,
  { signal }: CallOptions,
): Promise<Result<'classes.folders'>> {
  const snapshot = volume.current()
  const folders: Result<'classes.folders'>['folders'] = []
  const top = await snapshot.stat('/')
  if (after === undefined && top?.t === 'd' && top.cl !== undefined) folders.push({ path: '/', redundancyClass: top.cl })
  const endMs = platform.now() + CALL_MS
  for await (const { found, last } of searchNames(snapshot, '/', { matches: everything, after, signal })) {
    for (const { path, entry } of found) if (entry.t === 'd' && entry.cl !== undefined) folders.push({ path, redundancyClass: entry.cl })
    if (folders.length >= MOST_FOLDERS || platform.now() >= endMs) return { folders, after: last }
  }
  return { folders, after: null }
}

async function folderFacts(
  { volume, platform }: Pick<OpenTree, 'volume' | 'platform'>,
  { path }: Params<'classes.folder'>,
  { signal }: CallOptions,
): Promise<Result<'classes.folder'>> {
  const snapshot = volume.current()
  const entry = await snapshot.stat(path)
  if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
  if (entry.t !== 'd') throw new HoltError('NOT_A_DIRECTORY', `${path} is no directory`, { path })
  const facts = { redundancyClass: await snapshot.redundancyClass(path), ownClass: entry.cl ?? null, bytes: 0, files: 0, complete: true }
  const endMs = platform.now() + MEASURE_MS
  for await (const { found } of searchNames(snapshot, path, { matches: everything, signal })) {
    for (const one of found)
      if (one.entry.t === 'f') {
        facts.bytes += one.entry.z
        facts.files++
      }
    if (platform.now() >= endMs) return { ...facts, complete: false }
  }
  return facts
}

async function previewRetention(
  { volume, trash, settings, platform }: Pick<OpenTree, 'volume' | 'trash' | 'settings' | 'platform'>,
  { keepAllHours, hourlyDays, dailyDays, trashDays }: Params<'retention.preview'>,
  { signal }: CallOptions,
): Promise<Result<'retention.preview'>> {
  const nowSeconds = platform.now() / 1000
  const keeps = keepsVersion(
    { keepAllSeconds: keepAllHours * HOUR, hourlySeconds: hourlyDays * DAY, dailySeconds: dailyDays * DAY },
    nowSeconds,
  )
  const preview: Result<'retention.preview'> = { versions: 0, dropped: 0, oldestSeconds: null, trashItems: 0, trashDropped: 0 }
  for await (const { time } of volume.versions()) {
    signal?.throwIfAborted()
    // the newest always stays
    const kept = keeps(time[0]) || preview.versions === 0
    preview.versions++
    if (kept) preview.oldestSeconds = time[0]
    else preview.dropped++
  }
  const oldest = nowSeconds - (trashDays === undefined ? settings.trashSeconds : trashDays * DAY)
  for (let after: string | undefined, more = true; more; ) {
    signal?.throwIfAborted()
    const page = await trash.list({ after, limit: TRASH_PAGE })
    preview.trashItems += page.items.length
    preview.trashDropped += page.items.filter(({ time }) => time[0] < oldest).length
    after = page.items.at(-1)?.id
    more = page.more && after !== undefined
  }
  return preview
}
