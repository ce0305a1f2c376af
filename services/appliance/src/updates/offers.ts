import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BundleInfo, UpdateOffer } from '@holt/control/box/methods.ts'
import { isHoltError } from '@holt/core/errors.ts'
import type { Tools } from '../system/tools.ts'

const VERSION_ORDER = '/usr/lib/holt/version-order'

/** Reads what a bundle says of itself, its signature checked. */
export type Inspect = (path: string) => Promise<BundleInfo>

/**
 * The bundles in some folders that this box could take: well signed, for its kind, newer than what runs; the newest first.
 *
 * @param options.compatible the kind of box.
 * @param options.running the version that runs.
 */
export async function findOffers(
  folders: readonly string[],
  options: { compatible: string; running: string; inspect: Inspect; tools: Tools },
): Promise<UpdateOffer[]> {
  const offers: UpdateOffer[] = []
  for (const path of await bundlesIn(folders)) {
    const info = await options.inspect(path).catch((error: unknown) => {
      if (isHoltError(error)) return null // not for us: not signed, half there, gone with its stick
      throw error
    })
    if (info === null || info.compatible !== options.compatible) continue
    if ((await order(options.tools, info.version, options.running)) !== 'newer') continue
    offers.push({ path, version: info.version, changes: info.description, built: info.build })
  }
  return await newestFirst(options.tools, offers)
}

async function bundlesIn(folders: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    found.push(...entries.filter((entry) => entry.isFile() && entry.name.endsWith('.raucb')).map(({ name }) => join(folder, name)))
  }
  return found.sort((x, y) => (x < y ? -1 : 1))
}

/** `older`, `same` or `newer`; null when one of them is no version. */
async function order(tools: Tools, left: string, right: string): Promise<string | null> {
  return await tools.run(VERSION_ORDER, [left, right]).then(
    (said) => said.trim(),
    (error: unknown) => {
      if (isHoltError(error, 'SYSTEM_REFUSED')) return null
      throw error
    },
  )
}

async function newestFirst(tools: Tools, offers: UpdateOffer[]): Promise<UpdateOffer[]> {
  const sorted: UpdateOffer[] = []
  for (const offer of offers) {
    let at = 0
    while (at < sorted.length && (await order(tools, offer.version, (sorted[at] as UpdateOffer).version)) !== 'newer') at++
    sorted.splice(at, 0, offer)
  }
  return sorted
}
