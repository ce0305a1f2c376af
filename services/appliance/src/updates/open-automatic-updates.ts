import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Power } from '../system/power.ts'
import type { Tools } from '../system/tools.ts'
import { AutomaticUpdates } from './automatic-updates.ts'
import { PlanStore } from './plan-store.ts'
import { mountSticks } from './sticks.ts'
import { takeFromTree } from './take-from-tree.ts'
import type { Updates } from './updates.ts'

/** Put there by hand, or by the page. */
const STAGED_FOLDER = '/data/system/updates'
/** What the owner gave the page. */
const GIVEN_FOLDER = '/data/holt/updates'
/** Copies of what is in the tree. */
const TAKEN_FOLDER = '/data/system/updates/tree'
const STICKS_FOLDER = '/run/media'

interface Parts {
  updates: Updates
  tools: Tools
  outside: Tools
  power: Power
  log: (text: string) => void
}

/** Updates by themselves, on a real box. */
export function openAutomaticUpdates({ updates, tools, outside, power, log }: Parts): AutomaticUpdates {
  return new AutomaticUpdates({
    updates,
    tools,
    log,
    store: new PlanStore('/data/system'),
    folders: bundleFolders,
    takeFromTree: (treeFolder) => takeFromTree(outside, treeFolder, TAKEN_FOLDER),
    mountSticks: () => mountSticks({ tools, folder: STICKS_FOLDER, log }),
    system: readSystem,
    restart: () => power.restart(),
    now: () => new Date(),
  })
}

async function bundleFolders(): Promise<string[]> {
  const sticks = await readdir(STICKS_FOLDER).catch(() => [])
  return [STAGED_FOLDER, GIVEN_FOLDER, TAKEN_FOLDER, ...sticks.map((name) => join(STICKS_FOLDER, name))]
}

/** Of the system that runs. */
export async function readSystem(): Promise<{ version: string; machineId: string }> {
  const release = await readFile('/etc/os-release', 'utf8')
  const version = /^VERSION_ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? ''
  return { version, machineId: (await readFile('/etc/machine-id', 'utf8')).trim() }
}
