import type { Disk } from '@holt/core/disk.ts'
import { erasureCode } from '@holt/core/erasure/erasure.ts'
import type { WorkEnvironment } from '@holt/core/work-pool.ts'
import { nodejsCrypto } from './nodejs-crypto.ts'
import { NodejsDisk } from './nodejs-disk.ts'

/** What jobs use on this platform; a disk's id is its folder, so any thread can open it. */
export function nodejsEnvironment(): WorkEnvironment {
  const disks = new Map<string, Disk>()
  return {
    crypto: nodejsCrypto,
    erasure: erasureCode,
    disk(id) {
      let disk = disks.get(id)
      if (disk === undefined) {
        disk = new NodejsDisk(id)
        disks.set(id, disk)
      }
      return disk
    },
  }
}
