import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Entry } from '@holt/control/schema.ts'
import { isHoltError } from '@holt/core/errors.ts'
import { Type } from 'typebox'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'

/** Bundles are some 140 MB; of more than a few in one folder only the last by name are of use. */
const MAX_BUNDLES = 4
const BUNDLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,200}\.raucb$/
const COPY_LIMIT_MS = 60 * 60_000

const Listing = Type.Object({ entries: Type.Array(Entry) })

/**
 * Copies the bundles of a folder of the tree into `into`; those that went from the tree go there too. When the folder cannot be
 * listed (there is none, the node is nobody's yet, or busy) all stays as it is.
 *
 * @param outside runs `holt`, which alone may speak with the node.
 */
export async function takeFromTree(outside: Tools, treeFolder: string, into: string): Promise<void> {
  const wanted = await bundlesIn(outside, treeFolder)
  if (wanted === null) return
  await mkdir(into, { recursive: true, mode: 0o755 })
  for (const { name, sizeBytes } of wanted) {
    const local = join(into, name)
    const present = await stat(local).catch(() => null)
    if (present?.size !== sizeBytes) await copy(outside, `${treeFolder === '/' ? '' : treeFolder}/${name}`, local)
  }
  const names = new Set(wanted.map(({ name }) => name))
  for (const name of await readdir(into)) if (!names.has(name)) await rm(join(into, name), { recursive: true })
}

async function bundlesIn(outside: Tools, treeFolder: string): Promise<Entry[] | null> {
  try {
    const { entries } = readJson(Listing, await outside.run('/usr/bin/holt', ['ls', '--json', '--', treeFolder]), 'holt')
    return entries.filter(({ type, name }) => type === 'file' && BUNDLE_NAME.test(name)).slice(-MAX_BUNDLES)
  } catch (error) {
    if (isHoltError(error, 'SYSTEM_REFUSED')) return null
    throw error
  }
}

/** Under its own name only when it is whole. */
async function copy(outside: Tools, path: string, local: string): Promise<void> {
  const script = 'umask 022 && /usr/bin/holt cat -- "$1" > "$2.part" && sync "$2.part" && mv "$2.part" "$2" || { rm -f "$2.part"; exit 1; }'
  await outside.run('/bin/sh', ['-c', script, 'copy', path, local], { timeoutMs: COPY_LIMIT_MS })
}
