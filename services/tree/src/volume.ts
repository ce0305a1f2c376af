import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { parseHead, verifyHead } from './caps/head.ts'
import { openVersion } from './committer.ts'
import { NodeCache } from './node-cache.ts'
import { NodeReader } from './node-reader.ts'
import { TreeVolume } from './tree-volume.ts'
import type { VolumeOptions } from './volume-options.ts'

/**
 * Opens a volume to read and commit.
 *
 * @throws HoltError of the head (SIGNATURE_INVALID, NOT_AUTHORIZED, MALFORMED), the store, and DECRYPTION_FAILED for
 * the wrong keys.
 */
export async function openVolume(options: VolumeOptions): Promise<TreeVolume> {
  const { store, crypto, cacheBytes, cache = new NodeCache(cacheBytes), head } = options
  const reader = new NodeReader({ store, crypto, cache })
  if (head === null) return new TreeVolume(reader, options, null)
  checkHead(options, head)
  return new TreeVolume(reader, options, await openVersion(reader, options.keys, head))
}

/** A new volume with an empty top, committed. */
export async function createVolume(options: Omit<VolumeOptions, 'head'> & { mode?: number }): Promise<TreeVolume> {
  const volume = await openVolume({ ...options, head: null })
  await volume.edit((edit) => edit.setAttributes('/', { m: options.mode ?? 0o755 }))
  return volume
}

function checkHead({ crypto, id, owner, salt }: VolumeOptions, bytes: Uint8Array): void {
  const head = parseHead(bytes)
  if (!equalBytes(head.volume, id) || !equalBytes(head.owner, owner) || !equalBytes(head.salt, salt)) {
    throw new HoltError('MALFORMED', 'the head is of another volume')
  }
  verifyHead(crypto, head)
}
