import type { Crypto } from '@holt/core/crypto.ts'
import { HoltError } from '@holt/core/errors.ts'
import { openShare, shareKeys } from '@holt/tree/caps/share-link.ts'
import { readDirectory, readFile } from '@holt/tree/read-tree.ts'
import type { Snapshot, TreeFile } from '@holt/tree/types.ts'
import { RemoteBlocks } from './remote-blocks.ts'

/** What a link opened, as it was at that moment. */
export interface Opened {
  label: string
  /** Of the file or folder. */
  name: string
  /** Seconds since 1970. */
  expires: number | null
  content: { kind: 'file'; file: TreeFile } | { kind: 'folder'; folder: Snapshot }
}

const CACHE_BYTES = 16 << 20

interface OpenOptions {
  crypto: Crypto
  /** Of the node that serves it, ends with '/'. */
  address: string
  nowSeconds?: number
  fetch?: typeof globalThis.fetch
}

/**
 * Asks for what is shared, by its id, and opens it, by its key; everything below is asked for and opened when it is looked at.
 *
 * @throws HoltError NOT_FOUND, CAP_EXPIRED, NODE_NOT_RUNNING; MALFORMED, DECRYPTION_FAILED, SIGNATURE_INVALID when the node lies.
 */
export async function openLink(secret: Uint8Array, { crypto, address, nowSeconds, fetch }: OpenOptions): Promise<Opened> {
  const { id, key } = shareKeys(crypto, secret)
  const store = new RemoteBlocks({ id, address, ...(fetch === undefined ? {} : { fetch }) })
  const { label, expires, target } = await openShare(crypto, key, await store.document(), { nowSeconds })
  if (target.t !== 'entry') throw new HoltError('UNSUPPORTED_VERSION', 'this link is of a whole volume')
  const { entry, name } = target
  const options = { store, crypto, cacheBytes: CACHE_BYTES }
  if (entry.t === 'f') return { label, name, expires, content: { kind: 'file', file: readFile(options, entry) } }
  if (entry.t === 'd') return { label, name, expires, content: { kind: 'folder', folder: readDirectory(options, entry) } }
  throw new HoltError('UNSUPPORTED_VERSION', 'this link is of something that is neither file nor folder')
}
