/** The redundancy class of what has no other. */
export const DEFAULT_CLASS = 'standard'

/** That of directories, histories and commit records: without them, files that are whole could not be found, nor lost ones named. */
export const NAMES_CLASS = 'names'
