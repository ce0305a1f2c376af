import { principalToText } from '@holt/core/principal.ts'
import { backUpRootKey, deriveRootKeys, openRootKeyFile, rootKeyFromWords, rootKeyToWords } from '@holt/core/root-key.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
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
          : await openRootKeyFile(bytesOfBase64(fileBase64, 'fileBase64'), passphrase ?? '', { crypto: platform.crypto })
      return { words: rootKeyToWords(rootKey), principal: principalToText(deriveRootKeys(platform.crypto, rootKey).principal.publicKey) }
    },
    'key.backup': async ({ passphrase }) => {
      const file = await backUpRootKey(await readRootKey(tree().platform), passphrase, { crypto: platform.crypto })
      return { fileBase64: base64Of(file) }
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
