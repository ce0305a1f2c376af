import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Control } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'

/** Bundles are some 140 MB; of more than a few in one folder only the last by name are of use. */
const MAX_BUNDLES = 4
const BUNDLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,200}\.raucb$/

/**
 * Has the node write the bundles of a folder of its tree into `into`, which belongs to it; those that are in the tree no
 * more go. A folder that is not there has none.
 *
 * @throws HoltError as the node's calls.
 */
export async function takeFromTree(node: Pick<Control, 'call'>, treeFolder: string, into: string): Promise<void> {
  const wanted = await bundlesIn(node, treeFolder)
  for (const { name, sizeBytes } of wanted) {
    const local = join(into, name)
    const present = await stat(local).catch(() => null)
    if (present?.size === sizeBytes) continue
    await node.call('files.exportLocal', { path: `${treeFolder === '/' ? '' : treeFolder}/${name}`, local })
  }
  const names = new Set(wanted.map(({ name }) => name))
  for (const name of await readdir(into)) if (!names.has(name)) await rm(join(into, name), { recursive: true })
}

async function bundlesIn(node: Pick<Control, 'call'>, treeFolder: string): Promise<{ name: string; sizeBytes: number }[]> {
  try {
    const { entries } = await node.call('files.list', { path: treeFolder, limit: 1000 })
    return entries.filter(({ type, name }) => type === 'file' && BUNDLE_NAME.test(name)).slice(-MAX_BUNDLES)
  } catch (error) {
    if (isHoltError(error, 'NOT_FOUND')) return []
    throw error
  }
}
