import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectControl } from '@holt/control/node/socket.ts'
import type { Power } from '../system/power.ts'
import type { Tools } from '../system/tools.ts'
import { AutomaticUpdates } from './automatic-updates.ts'
import { PlanStore } from './plan-store.ts'
import { takeFromTree } from './take-from-tree.ts'
import type { Updates } from './updates.ts'

const NODE_FOLDER = '/data/holt'
/** What the node takes out of its tree; it belongs to the node's user. */
const TAKEN_FOLDER = '/data/holt/updates'
/** Put there by hand, or by the page. */
const STAGED_FOLDER = '/data/system/updates'
const STICKS_FOLDER = '/run/media'

/** Updates by themselves, on a real box. */
export function openAutomaticUpdates(parts: {
  updates: Updates
  tools: Tools
  power: Power
  log: (text: string) => void
}): AutomaticUpdates {
  const { updates, tools, power, log } = parts
  return new AutomaticUpdates({
    updates,
    tools,
    log,
    store: new PlanStore('/data/system'),
    folders: bundleFolders,
    takeFromTree: (treeFolder) => take(tools, treeFolder),
    system: readSystem,
    restart: () => power.restart(),
    now: () => new Date(),
  })
}

async function bundleFolders(): Promise<string[]> {
  const sticks = await readdir(STICKS_FOLDER).catch(() => [])
  return [STAGED_FOLDER, TAKEN_FOLDER, ...sticks.map((name) => join(STICKS_FOLDER, name))]
}

async function take(tools: Tools, treeFolder: string): Promise<void> {
  const node = await connectControl(NODE_FOLDER)
  try {
    const { state } = await node.call('node.status', {})
    if (state !== 'ready') return // nobody's yet
    await tools.run('install', ['-d', '-o', 'holt', '-g', 'holt', '-m', '0700', TAKEN_FOLDER])
    await takeFromTree(node, treeFolder, TAKEN_FOLDER)
  } finally {
    node.close()
  }
}

async function readSystem(): Promise<{ version: string; machineId: string }> {
  const release = await readFile('/etc/os-release', 'utf8')
  const version = /^VERSION_ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? ''
  return { version, machineId: (await readFile('/etc/machine-id', 'utf8')).trim() }
}
