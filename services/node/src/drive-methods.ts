import type { CallOptions, DriveInfo, Params, Result } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { DriveFacts } from '@holt/store/fragments/drive-facts.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'
import { writeSettings } from './settings.ts'

type DriveMethod = 'drives.list' | 'drives.add' | 'drives.remove' | 'classes.list' | 'classes.set'

/** Calls on drives and on how packs are spread over them. */
export function driveMethods(tree: () => OpenTree): Methods<DriveMethod> {
  return {
    'drives.list': async () => {
      const { keeper } = tree()
      await keeper.lookAtDrives()
      return { drives: keeper.drives().map(publicDrive) }
    },
    'drives.add': (params) => addDrive(tree(), params),
    'drives.remove': (params, options) => removeDrive(tree(), params, options),
    'classes.list': async () => ({ classes: tree().keeper.classes() }),
    'classes.set': async ({ name, dataFragments, totalFragments }) => {
      const { platform, keeper, settings } = tree()
      if (dataFragments > totalFragments) {
        throw new HoltError('INPUT_INVALID', `${dataFragments} of ${totalFragments} is not possible`, { field: 'dataFragments' })
      }
      keeper.setClass(name, { dataFragments, totalFragments })
      settings.classes = [...settings.classes.filter((known) => known.name !== name), { name, dataFragments, totalFragments }]
      await writeSettings(platform.data, settings)
      return {}
    },
  }
}

function publicDrive(facts: DriveFacts): DriveInfo {
  return { ...facts, totalBytes: Math.round(facts.totalBytes), freeBytes: Math.round(facts.freeBytes) }
}

/** The settings are written before the answer, so that the drive is known after any crash from then on. */
async function addDrive(
  { platform, keeper, settings, store, maintenance }: OpenTree,
  params: Params<'drives.add'>,
): Promise<Result<'drives.add'>> {
  const folder = platform.driveFolder(params.folder)
  await platform.makeDriveFolder(folder)
  const facts = await keeper.addDrive(platform.openDrive(folder), folder)
  settings.drives = [...settings.drives.filter(({ id }) => id !== facts.id), { folder, id: facts.id }]
  await writeSettings(platform.data, settings)
  store.retry()
  maintenance.rebalanceSoon()
  return publicDrive(facts)
}

async function removeDrive(
  { platform, keeper, settings }: OpenTree,
  { folder, force }: Params<'drives.remove'>,
  { signal, onProgress }: CallOptions,
): Promise<Result<'drives.remove'>> {
  const known = keeper.drives().find((drive) => drive.id === folder || drive.folder === folder)
  if (known === undefined) throw new HoltError('NOT_FOUND', `${folder} is no drive of this node`, { folder })
  if (settings.drives.length === 1) throw new HoltError('NOT_ENOUGH_DRIVES', 'the last drive stays: add another one first', { folder })
  await keeper.removeDrive(known.id, { force, signal, onProgress: (progress) => onProgress?.({ phase: 'repair', ...progress }) })
  settings.drives = settings.drives.filter(({ id }) => id !== known.id)
  await writeSettings(platform.data, settings)
  return {}
}
