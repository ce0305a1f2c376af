import { fragmentJobs } from '@holt/store/fragments/fragment-jobs.ts'
import { treeJobs } from '@holt/tree/jobs.ts'
import { openFiles } from './open-jobs.ts'
import { openRange } from './open-range.ts'
import { sealFiles, sealRange } from './read-jobs.ts'
import { scanFolder } from './scan-folder.ts'

/** Work on local files, which only this platform has. */
export const localJobs = { scanFolder, sealFiles, sealRange, openFiles, openRange }
export type LocalJobs = typeof localJobs

/** Everything a worker thread of this platform can be asked for. */
export const allJobs = { ...treeJobs, ...fragmentJobs, ...localJobs }
export type AllJobs = typeof allJobs
