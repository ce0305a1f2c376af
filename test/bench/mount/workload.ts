import type { Disk } from './disks.ts'
import type { Timings } from './timings.ts'

export interface WorkloadWorld {
  /** Where what all of them read lies, on the plain disk. */
  sources: string
  /** 1 for the size that the figures are about. */
  scale: number
}

/** Something that is done with each of the disks; what it does wrong is thrown. */
export interface Workload {
  prepare(world: WorkloadWorld): Promise<void>
  run(disk: Disk, timings: Timings, world: WorkloadWorld): Promise<void>
}
