import type { CallOptions, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { pathVersions } from '@holt/tree/path-versions.ts'
import type { Edit, FencingToken, TreeEntry, Volume } from '@holt/tree/types.ts'
import { nameOf, parentOf, publicEntry, secondsOf } from './entries.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'
import type { TransferTotals } from '@holt/core/transfer.ts'
import { underLease } from './under-lease.ts'
import { search } from './search.ts'
import { clearPlace, copyEntry, setAttributes } from './entry-edits.ts'
import { snapshotAt } from './versions.ts'

type FileMethod =
  | 'files.list'
  | 'files.stat'
  | 'files.search'
  | 'files.mkdir'
  | 'files.move'
  | 'files.copy'
  | 'files.setAttributes'
  | 'files.remove'
  | 'files.versions'
  | 'files.restore'
  | 'files.setClass'
  | 'files.importLocal'
  | 'files.exportLocal'

const DEFAULT_PAGE = 1000
const DEFAULT_VERSIONS = 100

/** Calls on the files of the open tree. */
export function fileMethods(tree: () => OpenTree): Methods<FileMethod> {
  const under = (token: FencingToken | undefined): Volume => underLease(tree().volume, token)
  return {
    'files.list': async ({ path, at, after, limit, attributes }) => {
      const snapshot = await snapshotAt(tree().volume, at)
      const page = await snapshot.list(path, { after, limit: limit ?? DEFAULT_PAGE })
      return { entries: page.entries.map(({ name, entry }) => publicEntry(name, entry, { attributes })), more: page.more }
    },
    'files.stat': async ({ path, at, attributes }) => {
      const entry = await (await snapshotAt(tree().volume, at)).stat(path)
      if (entry === null) throw notFound(path)
      return publicEntry(nameOf(path), entry, { attributes })
    },
    'files.search': (params, options) => search(tree(), params, options),
    'files.mkdir': async ({ path, parents, token }) => {
      await under(token).edit((edit) => edit.makeDirectory(path, { parents }))
      return {}
    },
    'files.move': async ({ from, to, replace, recursive = false, token }) => {
      await under(token).edit(async (edit) => {
        if (replace === true && recursive) await clearPlace(edit, from, to)
        await edit.move(from, to, { replace })
      })
      return {}
    },
    'files.copy': async ({ token, ...params }) => {
      await under(token).edit((edit) => copyEntry(edit, params))
      return {}
    },
    'files.setAttributes': async ({ token, ...params }) => {
      await under(token).edit((edit) => setAttributes(edit, params))
      return {}
    },
    'files.remove': async ({ paths, recursive, token }) => {
      await under(token).edit(async (edit) => {
        for (const path of paths) await edit.remove(path, { recursive })
      })
      return {}
    },
    'files.versions': (params) => listVersions(tree(), params),
    'files.restore': async ({ path, at, to, token }) => {
      await restore(under(token), path, at, to ?? path)
      return {}
    },
    'files.setClass': async ({ path, redundancyClass, token }) => {
      await under(token).edit((edit) => edit.setAttributes(path, { cl: redundancyClass }))
      return {}
    },
    'files.importLocal': (params, options) => importLocal(tree(), params, options),
    'files.exportLocal': (params, options) => exportLocal(tree(), params, options),
  }
}

function notFound(path: string): HoltError {
  return new HoltError('NOT_FOUND', `${path} is not there`, { path })
}

async function listVersions({ volume }: OpenTree, { path, limit }: Params<'files.versions'>): Promise<Result<'files.versions'>> {
  const found = await pathVersions(volume, path, { limit: limit ?? DEFAULT_VERSIONS })
  return {
    versions: found.map(({ sequence, time, entry }) => ({
      sequence,
      time: secondsOf(time),
      entry: entry === null ? null : publicEntry(nameOf(path), entry),
    })),
  }
}

/** The old entry refers to blocks that a retained version keeps, so nothing is copied. */
async function restore(volume: Volume, path: string, at: number | string | undefined, to: string): Promise<void> {
  if (at === undefined) throw new HoltError('INPUT_INVALID', 'which version? give its number or a date', { field: 'at' })
  if (to === '/') throw new HoltError('PATH_INVALID', 'the top cannot be replaced; restore what is in it', { path: to })
  const old: TreeEntry | null = await (await snapshotAt(volume, at)).stat(path)
  if (old === null) throw notFound(path)
  await volume.edit(async (edit: Edit) => {
    await edit.makeDirectory(parentOf(to), { parents: true })
    if ((await edit.stat(to)) !== null) await edit.remove(to, { recursive: true })
    await edit.putEntries(parentOf(to), [{ name: nameOf(to), entry: old }])
  })
}

async function importLocal(
  open: OpenTree,
  { token, ...params }: Params<'files.importLocal'>,
  options: CallOptions,
): Promise<Result<'files.importLocal'>> {
  const { localFiles } = open.platform
  if (localFiles === null) throw new HoltError('DEPENDENCY_MISSING', 'this platform has no local files')
  const context = { store: open.store, volume: underLease(open.volume, token) }
  const totals = await localFiles.import(context, { ...params, signal: options.signal, onProgress: options.onProgress })
  if (params.waitForSpread === true) await open.store.settle({ signal: options.signal })
  return report(totals, open)
}

async function exportLocal(
  open: OpenTree,
  params: Params<'files.exportLocal'>,
  options: CallOptions,
): Promise<Result<'files.exportLocal'>> {
  const { localFiles } = open.platform
  if (localFiles === null) throw new HoltError('DEPENDENCY_MISSING', 'this platform has no local files')
  const snapshot = await snapshotAt(open.volume, params.at)
  const { path, local } = params
  return report(
    await localFiles.export({ store: open.store, snapshot }, { path, local, signal: options.signal, onProgress: options.onProgress }),
    open,
  )
}

function report(totals: TransferTotals, { volume }: OpenTree): Result<'files.importLocal'> {
  return { ...totals, sequence: volume.current().sequence }
}
