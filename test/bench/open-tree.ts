import { openNodejsPlatform } from '@holt/platform-nodejs/open-platform.ts'
import { openTree, type OpenTree } from '@holt/node/open-tree.ts'
import { EventLog } from '@holt/node/event-log.ts'
import { readRootKey } from '@holt/node/root-key-store.ts'
import { type NodeSettings, readSettings } from '@holt/node/settings.ts'

/** Opens the tree of a data folder in this process, as a node does; for what no call of a node offers. No node may run on it. */
export async function withOpenTree<T>(dataFolder: string, use: (tree: OpenTree) => Promise<T>): Promise<T> {
  const platform = await openNodejsPlatform({ dataFolder, log: (level, text) => console.error(`${level}: ${text}`) })
  try {
    const settings = (await readSettings(platform.data)) as NodeSettings
    const tree = await openTree(platform, { settings, rootKey: await readRootKey(platform), events: new EventLog() })
    try {
      return await use(tree)
    } finally {
      await tree.close()
    }
  } finally {
    await platform.close()
  }
}
