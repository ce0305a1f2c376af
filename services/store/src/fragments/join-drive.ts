import type { Disk } from '@holt/core/disk.ts'
import { HoltError } from '@holt/core/errors.ts'
import { adoptDrive } from './adopt-drive.ts'
import { nowSeconds } from './clock.ts'
import { DriveHolder } from './drive-holder.ts'
import type { KeeperContext } from './keeper-context.ts'

/**
 * Makes a folder one of this node's drives. A drive that is known but missing at its old folder moves to the new one.
 *
 * @throws HoltError DRIVE_FOREIGN, DRIVE_IN_USE, DRIVE_MISSING, DISK_FULL, IO_FAILED.
 */
export async function joinDrive(context: KeeperContext, disk: Disk, folder: string): Promise<DriveHolder> {
  const inUse = context.holders.find((holder) => overlap(holder.disk.id, disk.id))
  if (inUse !== undefined) throw driveInUse(inUse)
  const id = await adoptDrive(disk, context.owner, nowSeconds(context.clock))
  await Promise.all(context.holders.filter((holder) => holder.id === id).map((holder) => leaveOldFolder(context, holder)))
  const holder = new DriveHolder({ disk, id, folder, owner: context.owner, clock: context.clock })
  await holder.check()
  if (holder.state === 'missing') throw new HoltError('DRIVE_MISSING', `the drive ${folder} is missing: ${holder.problem}`, { drive: id })
  context.holders.push(holder)
  return holder
}

async function leaveOldFolder(context: KeeperContext, holder: DriveHolder): Promise<void> {
  await holder.check()
  if (holder.state !== 'missing') throw driveInUse(holder)
  removeHolder(context, holder)
}

/** The node has nothing to do with the drive any more; what it held is not counted. */
export function removeHolder(context: KeeperContext, holder: DriveHolder): void {
  for (const { pack, home } of context.table.homesOn(holder)) {
    context.table.removeHome(pack.id, home)
    context.repairs.endanger(pack.id)
  }
  const at = context.holders.indexOf(holder)
  if (at >= 0) context.holders.splice(at, 1)
}

function driveInUse(holder: DriveHolder): HoltError {
  return new HoltError('DRIVE_IN_USE', `the folder belongs to the drive ${holder.folder}`, { drive: holder.id, folder: holder.folder })
}

/** The same folder, or one inside the other. */
function overlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)
}
