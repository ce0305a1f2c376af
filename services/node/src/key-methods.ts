import { HoltError } from '@holt/core/errors.ts'
import { principalToText } from '@holt/core/principal.ts'
import { backUpRootKey, deriveRootKeys, openRootKeyFile, rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'
import type { NodePlatform } from './platform.ts'
import { readRootKey } from './root-key-store.ts'
import { writeSettings } from './settings.ts'

/** Calls on the root key; whoever may make them may open everything anyway. */
export function keyMethods(
  platform: NodePlatform,
  tree: () => OpenTree,
): Methods<'key.backup' | 'key.words' | 'key.markBackedUp' | 'key.open'> {
  return {
    'key.open': async ({ words, fileBase64, passphrase }) => {
      const rootKey =
        fileBase64 === undefined
          ? rootKeyFromWords(words ?? '')
          : await openRootKeyFile(bytesOf(fileBase64), passphrase ?? '', { crypto: platform.crypto })
      return { words: rootKeyToWords(rootKey), principal: principalToText(deriveRootKeys(platform.crypto, rootKey).principal.publicKey) }
    },
    'key.backup': async ({ passphrase }) => {
      const file = await backUpRootKey(await readRootKey(tree().platform), passphrase, { crypto: platform.crypto })
      return { fileBase64: base64(file) }
    },
    'key.words': async () => ({ words: rootKeyToWords(await readRootKey(tree().platform)) }),
    'key.markBackedUp': async () => {
      const { platform, settings } = tree()
      settings.keyBackedUp = true
      await writeSettings(platform.data, settings)
      return {}
    },
  }
}

function bytesOf(base64Text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64Text), (character) => character.charCodeAt(0))
  } catch (error) {
    throw new HoltError('INPUT_INVALID', 'not base64', { field: 'fileBase64' }, { cause: error })
  }
}

function base64(bytes: Uint8Array): string {
  if (bytes.length > 65536) throw new HoltError('TOO_LARGE', 'a key file is small')
  return btoa(String.fromCharCode(...bytes))
}
