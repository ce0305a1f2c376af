import type { Control } from '@holt/control/schema.ts'
import type { Command } from './command.ts'
import type { MountedFolder, MountRequest } from './mount-folder.ts'
import type { Terminal } from './terminal.ts'

export interface ConnectedNode extends Control {
  /** Hangs up; a node that was started for this command ends. */
  release(): Promise<void>
}

/** Folders of this machine that show the tree. */
export interface Folders {
  mount(request: MountRequest): Promise<MountedFolder>
  /** @returns its whole name. */
  unmount(folder: string, options: { force: boolean }): Promise<string>
}

/** All that a command line needs from outside. */
export interface Surroundings {
  terminal: Terminal
  commands: readonly Command[]
  /** @throws HoltError NODE_NOT_RUNNING */
  connect(dataFolder: string): Promise<ConnectedNode>
  /** A node as a child of this process, for the time of the command. */
  startNode(dataFolder: string): Promise<ConnectedNode>
  readonly folders: Folders
  becomeNode(daemonArguments: readonly string[]): Promise<never>
  /** Ctrl-C. */
  interrupted: AbortSignal
}
