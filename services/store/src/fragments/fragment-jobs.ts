import { assemblePack } from './assemble-pack.ts'
import { encodePack } from './encode-pack.ts'
import { rebuildFragments } from './rebuild-fragments.ts'
import { verifyFragment } from './verify-fragment.ts'

/** The heavy work with fragments; runs the same in a worker thread and inline. */
export const fragmentJobs = { encodePack, rebuildFragments, verifyFragment, assemblePack }
export type FragmentJobs = typeof fragmentJobs
