import { boxNetworkCommands } from './commands/box.ts'
import { boxMachineCommands } from './commands/box-machine.ts'
import { clusterCommands } from './commands/cluster.ts'
import { leaseCommands } from './commands/lease.ts'
import { classCommands } from './commands/classes.ts'
import { completeCommand, completionCommand } from './commands/completion.ts'
import { driveCommands } from './commands/drives.ts'
import { fileCommands } from './commands/files.ts'
import { folderCommands } from './commands/folders.ts'
import { programCommands } from './commands/programs.ts'
import { programDevCommands } from './commands/program-dev.ts'
import { requestCommands } from './commands/requests.ts'
import { findCommands } from './commands/find.ts'
import { helpCommand } from './commands/help.ts'
import { installedProgramCommands } from './commands/installed-programs.ts'
import { keyCommands } from './commands/key.ts'
import { mountCommands } from './commands/mount.ts'
import { nodeCommands } from './commands/node.ts'
import { outlookCommands, wishCommands } from './commands/outlook.ts'
import { peerCommands } from './commands/peers.ts'
import { whereCommands } from './commands/where.ts'
import { setupCommands } from './commands/setup.ts'
import { shareCommands } from './commands/shares.ts'
import { transferCommands } from './commands/transfer.ts'
import { trashCommands } from './commands/trash.ts'
import { upkeepCommands } from './commands/upkeep.ts'
import { versionCommands } from './commands/versions.ts'
import { webdavCommands } from './commands/webdav.ts'
import type { Command } from './command.ts'
import type { CommandGroup } from './help.ts'

/** In the order a person meets them. */
export const commandGroups: readonly CommandGroup[] = [
  { title: 'The node', commands: [...nodeCommands, ...setupCommands] },
  { title: 'Files', commands: [...transferCommands, ...fileCommands, ...findCommands, ...mountCommands, ...webdavCommands] },
  { title: 'Giving to others', commands: [...shareCommands, ...folderCommands, ...requestCommands] },
  { title: 'Other nodes', commands: [...peerCommands, ...outlookCommands, ...clusterCommands, ...leaseCommands, ...whereCommands] },
  { title: 'Trash and older versions', commands: [...trashCommands, ...versionCommands] },
  { title: 'Drives and safety', commands: [...driveCommands, ...classCommands, ...wishCommands, ...upkeepCommands] },
  { title: 'Programs', commands: [...installedProgramCommands, ...programCommands, ...programDevCommands] },
  { title: 'The root key', commands: keyCommands },
  { title: 'The box', commands: [...boxNetworkCommands, ...boxMachineCommands] },
  { title: 'Help', commands: [helpCommand(() => commandGroups), completionCommand] },
]

export const allCommands: readonly Command[] = [
  ...commandGroups.flatMap(({ commands }) => commands),
  completeCommand(() => commandGroups.flatMap(({ commands }) => commands)),
]
