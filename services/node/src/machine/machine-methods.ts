import { HoltError } from '@holt/core/errors.ts'
import type { Methods } from '../method-table.ts'
import type { NodePlatform } from '../platform.ts'
import type { MachineMonitor } from './machine-monitor.ts'
import type { NodeLog } from './node-log.ts'

type MachineMethod = 'machine.counters' | 'machine.history' | 'machine.facts' | 'node.log'

/** Calls about the machine, which a node without a tree answers too. */
export function machineMethods(platform: NodePlatform, monitor: MachineMonitor | null, log: NodeLog): Methods<MachineMethod> {
  const machine = () => {
    if (platform.machine) return platform.machine
    throw new HoltError('UNKNOWN_METHOD', 'what this node runs on tells nothing about its machine')
  }
  return {
    'machine.counters': async () => machine().counters(),
    'machine.history': async ({ span }) => {
      machine()
      return (monitor as MachineMonitor).history(span)
    },
    'machine.facts': async () => machine().facts(),
    'node.log': async () => ({ lines: log.lines() }),
  }
}
