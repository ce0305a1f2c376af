import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { HoltError } from './errors.ts'

/** The 32 bytes that everything of a person derives from. */
export type RootKey = Uint8Array

export const ROOT_KEY_BYTES = 32
const WORD_COUNT = 24

/** 24 words of the English BIP-39 list. */
export function rootKeyToWords(rootKey: RootKey): string {
  if (rootKey.length !== ROOT_KEY_BYTES) throw new RangeError('a root key is 32 bytes')
  return entropyToMnemonic(rootKey, wordlist)
}

/**
 * Reads words as people write them: any case, any white space.
 *
 * @throws HoltError WORDS_INVALID; `data.reason` is 'count' (with `count`), 'word' (with `position`, from 1, of the
 * first that is not in the list) or 'checksum': each word is in the list, but one is not the right one.
 */
export function rootKeyFromWords(text: string): RootKey {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length !== WORD_COUNT)
    refuseWords(`there are ${words.length} words, not ${WORD_COUNT}`, { reason: 'count', count: words.length })
  const wrong = words.findIndex((word) => !wordlist.includes(word))
  if (wrong >= 0) refuseWords(`word ${wrong + 1} is not in the list`, { reason: 'word', position: wrong + 1 })
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    return refuseWords('all words are in the list, but one is wrong or two changed places', { reason: 'checksum' })
  }
}

function refuseWords(message: string, data: Record<string, string | number>): never {
  throw new HoltError('WORDS_INVALID', message, data)
}
