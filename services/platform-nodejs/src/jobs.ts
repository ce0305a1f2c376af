import { fragmentJobs } from '@holt/store/fragments/fragment-jobs.ts'
import { type TreeJobs, treeJobs } from '@holt/tree/jobs.ts'
import { openPlaced, sealChunks } from './chunk-jobs.ts'
import { openFiles } from './open-jobs.ts'
import { openPart } from './open-part.ts'
import { openRange } from './open-range.ts'
import { sealFiles, sealRange } from './read-jobs.ts'
import { scanFolder } from './scan-folder.ts'

/** Work on local files, which only this platform has. */
export const localJobs = { scanFolder, sealFiles, sealRange, openFiles, openRange }
export type LocalJobs = typeof localJobs

/** Everything a worker thread of this platform can be asked for. */
export type AllJobs = TreeJobs & typeof fragmentJobs & LocalJobs
export const allJobs: AllJobs = { ...treeJobs, ...fragmentJobs, ...localJobs, sealChunks, openPlaced, openPart }
