import { HoltError } from '@holt/core/errors.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import type { NodePlatform } from './platform.ts'

/**
 * The node's own copy of the root key, so that it starts without its owner: sealed under a key in a file beside it,
 * both readable by the node's user alone. Whoever takes the data folder has both; SECURITY.md says what follows.
 */
const KEY_FILE = 'keys/root-key'
const UNLOCK_FILE = 'keys/unlock-key'

export async function hasRootKey({ data }: NodePlatform): Promise<boolean> {
  return (await data.sizeOf(KEY_FILE)) !== null
}

/** @throws HoltError KEY_FILE_DAMAGED when it is there but does not open. */
export async function readRootKey({ data, crypto }: NodePlatform): Promise<Uint8Array> {
  const [sealed, unlockKey] = [await data.readFile(KEY_FILE), await data.readFile(UNLOCK_FILE)]
  if (sealed === null || unlockKey === null || unlockKey.length !== 32) {
    throw new HoltError('KEY_FILE_DAMAGED', "this node's copy of the root key is not whole: recover with the 24 words")
  }
  return openSecret(crypto, unlockKey, sealed).catch((cause: unknown) => {
    throw new HoltError('KEY_FILE_DAMAGED', "this node's copy of the root key does not open: recover with the 24 words", {}, { cause })
  })
}

export async function storeRootKey({ data, crypto }: NodePlatform, rootKey: Uint8Array): Promise<void> {
  await data.makeFolder('keys')
  const unlockKey = crypto.randomBytes(32)
  await data.replaceFile(UNLOCK_FILE, unlockKey)
  await data.replaceFile(KEY_FILE, await sealSecret(crypto, unlockKey, rootKey))
}
