import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { parseHead, verifyHead } from './caps/head.ts'
import type { NodeReader } from './node-reader.ts'
import { decodeRoot } from './nodes.ts'
import type { TreeSource } from './tree-walk.ts'
import type { DirectoryEntry, VolumeEntry } from './types.ts'
import type { ResolveVolume } from './volume-options.ts'

/** A tree in which paths go on in the newest version of the volumes grafted into it. */
export function treeSource(reader: NodeReader, resolveVolume: ResolveVolume = async () => null): TreeSource {
  return { reader, openGraft: (volume) => openGraft(reader, resolveVolume, volume) }
}

async function openGraft(reader: NodeReader, resolveVolume: ResolveVolume, { id, o, s, k }: VolumeEntry): Promise<DirectoryEntry> {
  const bytes = await resolveVolume(id)
  if (bytes === null) throw new HoltError('NOT_FOUND', 'no head of the grafted volume is known here')
  const head = parseHead(bytes)
  if (!equalBytes(head.volume, id) || !equalBytes(head.owner, o) || !equalBytes(head.salt, s)) {
    throw new HoltError('MALFORMED', 'the head is of another volume')
  }
  verifyHead(reader.crypto, head)
  const { dir } = await reader.read(head.root, k, decodeRoot)
  return dir
}
