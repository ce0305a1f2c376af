import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere } from '../system/durable-file.ts'
import { type BoxFolders, wireguardKeyFile } from './box-folders.ts'
import { type BoxFacts, ONLY_PORT, WAN_PORT } from './generated-file.ts'

/** Looks at the box itself. */
export async function readFacts(folders: BoxFolders): Promise<BoxFacts> {
  const links = (await readdir(folders.links)).sort()
  const key = await readIfThere(wireguardKeyFile(folders))
  return {
    oneArmed: links.includes(ONLY_PORT) && !links.includes(WAN_PORT),
    wifi: (await firstOf(links, (link) => exists(join(folders.links, link, 'phy80211')))) ?? null,
    wireguardPrivateKey: key?.trim() ?? null,
  }
}

async function firstOf(names: readonly string[], fits: (name: string) => Promise<boolean>): Promise<string | undefined> {
  for (const name of names) if (/^[a-z0-9]{1,14}$/.test(name) && (await fits(name))) return name
  return undefined
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
