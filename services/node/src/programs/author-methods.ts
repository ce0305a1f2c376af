import { equalBytes, fromBase64Url, toBase64Url } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { decodeManifest, manifestCid } from '@holt/core/package/manifest.ts'
import {
  decodeHandOver,
  encodeHandOver,
  encodeSignature,
  isProgramName,
  signHandOver,
  signPackage,
  verifyPackage,
} from '@holt/core/package/signature.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'

/** What an author of programs asks of the node: it has the key. */
export function authorMethods(tree: () => OpenTree): Methods<'programs.author' | 'programs.sign' | 'programs.handOver'> {
  return {
    'programs.author': async () => ({ author: principalToText(tree().keys.author.publicKey) }),
    'programs.sign': async ({ manifest: text, handOvers = [] }) => {
      const { platform, keys } = tree()
      const block = bytesOf(text, 'manifest')
      const manifest = decodeManifest(block)
      if (!equalBytes(manifest.author, keys.author.publicKey))
        throw new HoltError('NOT_AUTHORIZED', `the package names another author: ${principalToText(manifest.author)}`, { field: 'author' })
      const chain = handOvers.map((handOver) => decodeHandOver(bytesOf(handOver, 'handOvers')))
      const cid = manifestCid(block)
      const signature = signPackage(platform.crypto, { package: cid, chain }, keys.author)
      verifyPackage(platform.crypto, signature, { package: cid, manifest }) // nobody would take it with a chain that does not lead here
      return { signature: toBase64Url(encodeSignature(signature)) }
    },
    'programs.handOver': async ({ program, to }) => {
      const { platform, keys } = tree()
      if (!isProgramName(program)) throw new HoltError('INPUT_INVALID', `'${program}' is no name of a program`, { field: 'program' })
      const made = Math.floor(platform.now() / 1000)
      const handOver = signHandOver(platform.crypto, { program, to: principalFromText(to), made }, keys.author)
      return { handOver: toBase64Url(encodeHandOver(handOver)) }
    },
  }
}

function bytesOf(text: string, field: string): Uint8Array {
  const bytes = fromBase64Url(text)
  if (bytes === null) throw new HoltError('INPUT_INVALID', 'not base64url', { field })
  return bytes
}
