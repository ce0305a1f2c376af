import { HoltError } from '@holt/core/errors.ts'
import { isAtOrUnder } from '@holt/tree/names.ts'

/**
 * Part of the root volume that no path of a caller leads to: the trash, uploads that are not finished, thumbnails. It is sealed, spread and
 * versioned as everything else, and changes in the same commits.
 */
export const HIDDEN_NAME = '.holt-hidden'
export const HIDDEN = `/${HIDDEN_NAME}`

export function isHidden(path: string): boolean {
  return isAtOrUnder(path, HIDDEN)
}

/** @throws HoltError NAME_INVALID */
export function checkNotHidden(path: string): void {
  if (isHidden(path)) throw new HoltError('NAME_INVALID', `the name ${HIDDEN_NAME} at the top is kept for Holt itself`, { path })
}
