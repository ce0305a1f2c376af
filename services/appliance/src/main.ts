import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { toHoltError } from '@holt/core/errors.ts'
import { OwnerAccount } from './accounts/owner-account.ts'
import { pamCheck } from './accounts/pam.ts'
import { ShadowFile } from './accounts/shadow.ts'
import { Ssh } from './accounts/ssh.ts'
import { DataKey } from './disks/data-key.ts'
import { Disks } from './disks/disks.ts'
import { createHelper } from './helper.ts'
import { listenHelper } from './listen.ts'
import { boxFoldersIn } from './network/box-folders.ts'
import { LiveNetwork } from './network/live-network.ts'
import { NetworkKeeper } from './network/network-keeper.ts'
import { Phones } from './network/phones.ts'
import { readFacts } from './network/read-facts.ts'
import { SettingsStore } from './network/settings-store.ts'
import { Clock } from './system/clock.ts'
import { groupNumber } from './system/groups.ts'
import { outsideTools } from './system/outside-tools.ts'
import { Power } from './system/power.ts'
import { systemTools } from './system/tools.ts'
import { openAutomaticUpdates, readSystem } from './updates/open-automatic-updates.ts'
import { Updates } from './updates/updates.ts'

/** Another root than `/` is for trying it out. */
const root = parseArgs({ options: { root: { type: 'string', default: '/' } } }).values.root
const SOCKET = join(root, 'run/holt/appliance.sock')
/** A drive that is plugged in appears within this time. */
const LOOK_FOR_DRIVES_MS = 15_000
/** Well below the shortest window, and rare enough for a box that is asleep. */
const LOOK_FOR_UPDATES_MS = 10 * 60_000

/** The helper of a box: it alone has all rights, does the few things that need them, and answers the node's user only. */
async function main(): Promise<void> {
  const folders = boxFoldersIn(root)
  const tools = systemTools
  const outside = outsideTools(tools)
  const facts = () => readFacts(folders)
  const system = new LiveNetwork({ folders, tools, networkdGroup: await groupNumber('systemd-network'), log })
  const network = new NetworkKeeper({ folders, store: new SettingsStore(folders), system, facts, log })
  const addon = fileURLToPath(new URL('./node-linux-pam.node', import.meta.url))
  const disks = new Disks({ tools, outside, log })
  const power = new Power(tools, join(root, 'efi/holt'))
  // whatever is wrong with the settings, their owner must get through to us to change them
  await network.open().catch((error: Error) => log(`the network settings do not hold: ${error.message}`))
  const updates = new Updates(tools, { outside, runningVersion: async () => (await readSystem()).version || null })
  const automaticUpdates = openAutomaticUpdates({ updates, tools, outside, power, log })
  const helper = createHelper({
    network,
    phones: new Phones(network, folders),
    account: new OwnerAccount({
      shadow: new ShadowFile(join(root, 'etc/shadow')),
      pam: pamCheck(addon),
      now: () => Number(process.hrtime.bigint() / 1_000_000n),
    }),
    ssh: new Ssh(tools, { keptFolder: folders.kept, hostKeyFile: join(root, 'var/lib/ssh/etc/ssh/ssh_host_ed25519_key.pub') }),
    updates,
    automaticUpdates,
    power,
    disks,
    dataKey: new DataKey(outside),
    clock: new Clock(tools, outside),
    tools,
    outside,
    facts,
    log,
  })
  const listener = await listenHelper(SOCKET, helper, { group: await groupNumber('holt') })
  const lookForDrives = (): void => void disks.mountAll().catch((error: Error) => log(`drives cannot be looked for: ${error.message}`))
  lookForDrives()
  const looking = setInterval(lookForDrives, LOOK_FOR_DRIVES_MS)
  const updating = setInterval(
    () => void automaticUpdates.look().catch((error: Error) => log(`updates: ${error.message}`)),
    LOOK_FOR_UPDATES_MS,
  )
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  clearInterval(looking)
  clearInterval(updating)
  network.close()
  await listener.close()
}

/** The journal keeps it. */
function log(text: string): void {
  process.stderr.write(`${text}\n`)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  const { code, message } = toHoltError(error)
  log(`the helper cannot run: ${message} (${code})`)
  process.exit(1)
}
