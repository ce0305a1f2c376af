import { HoltError } from '@holt/core/errors.ts'
import { base64Of, bytesOfBase64 } from './base64.ts'
import { nameOf, publicEntry } from './entries.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'

/** Calls on the small pictures that are kept of files. */
export function thumbnailMethods(tree: () => OpenTree): Methods<'thumbnails.get' | 'thumbnails.put' | 'thumbnails.clear'> {
  return {
    'thumbnails.get': async ({ path }) => {
      const content = await contentOf(tree(), path)
      const picture = content === null ? null : await tree().thumbnails.get(content)
      return { content, base64: picture === null ? null : base64Of(picture) }
    },
    'thumbnails.put': async ({ path, content, base64 }) => {
      if ((await contentOf(tree(), path)) !== content) throw new HoltError('CONFLICT', 'the file has changed since', { path })
      await tree().thumbnails.put(content, bytesOfBase64(base64, 'base64'))
      return {}
    },
    'thumbnails.clear': async () => {
      await tree().thumbnails.clear()
      return {}
    },
  }
}

/** @returns null for what has no bytes. */
async function contentOf({ volume }: OpenTree, path: string): Promise<string | null> {
  const entry = await volume.current().stat(path)
  if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
  return publicEntry(nameOf(path), entry).content ?? null
}
