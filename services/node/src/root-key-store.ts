import { HoltError, isHoltError } from '@holt/core/errors.ts'
import { isKept, readTwice, writeTwice } from '@holt/core/kept-twice.ts'
import { openSecret, sealSecret } from '@holt/core/sealed-file.ts'
import type { NodePlatform } from './platform.ts'

/**
 * The node's own copy of the root key, so that it starts without its owner: sealed under a key in a file beside it,
 * both readable by the node's user alone. Whoever takes the data folder has both; SECURITY.md says what follows.
 */
const KEY_FILE = 'keys/root-key'
const UNLOCK_FILE = 'keys/unlock-key'

export async function hasRootKey({ data }: NodePlatform): Promise<boolean> {
  return await isKept(data, KEY_FILE)
}

/** @throws HoltError KEY_FILE_DAMAGED when it is there but does not open. */
export async function readRootKey({ data, crypto }: NodePlatform): Promise<Uint8Array> {
  try {
    const [sealed, unlockKey] = [await readTwice(data, KEY_FILE), await readTwice(data, UNLOCK_FILE)]
    if (sealed === null || unlockKey?.content.length !== 32) throw new HoltError('MALFORMED', 'a key file is missing or too short')
    return await openSecret(crypto, unlockKey.content, sealed.content)
  } catch (cause) {
    if (isHoltError(cause, 'IO_FAILED')) throw cause
    throw new HoltError('KEY_FILE_DAMAGED', "this node's copy of the root key is damaged: recover with the 24 words", {}, { cause })
  }
}

export async function storeRootKey({ data, crypto }: NodePlatform, rootKey: Uint8Array): Promise<void> {
  await data.makeFolder('keys')
  const unlockKey = crypto.randomBytes(32)
  await writeTwice(data, UNLOCK_FILE, unlockKey)
  await writeTwice(data, KEY_FILE, await sealSecret(crypto, unlockKey, rootKey))
}
