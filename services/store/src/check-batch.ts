import { equalBytes } from '@holt/core/bytes.ts'
import { CID_BYTES } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import { type SectionPlace, splitSections } from '@holt/core/car.ts'
import type { BlockBatch } from './types.ts'

/**
 * Checks that a batch holds the blocks it lists (not their digests): one that does not would be taken for a torn tail after a crash.
 *
 * @throws HoltError MALFORMED.
 */
export function checkBatch({ sections, blocks }: BlockBatch): void {
  const places = splitSections(sections)
  const fits = ({ bodyOffset, bodyLength }: SectionPlace, i: number): boolean => {
    const block = blocks[i]
    if (block?.offset !== bodyOffset || block.length !== bodyLength) return false
    return equalBytes(sections.subarray(bodyOffset - CID_BYTES, bodyOffset), block.cid)
  }
  if (places.length !== blocks.length || !places.every(fits))
    throw new HoltError('MALFORMED', 'the batch does not hold the blocks it lists')
}
