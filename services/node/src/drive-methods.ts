import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'

type DriveMethod = 'drives.list' | 'drives.add' | 'drives.remove' | 'classes.list' | 'classes.set'

export function driveMethods(_tree: () => OpenTree): Methods<DriveMethod> {
  return {} as Methods<DriveMethod>
}
