import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { seccompFilter } from './seccomp-filter.ts'

/** User and group that own nothing, for a node that runs as root. */
const NOBODY = 65534

export interface CageCommand {
  command: string
  args: string[]
  /** Given to the command beside its standard streams, from file descriptor 3 on: the channel, the filter, then each file's content. */
  filter: Uint8Array
  files: readonly string[]
  uid: number | undefined
}

export interface CageChoices {
  /** False: without Node's own permissions, so that tests see what holds without them. */
  permissions?: boolean
}

/** What makes the cage, and what of it is not here. */
export type CageMeans = { command: CageCommand } | { missing: string[] }

export interface CageFiles {
  /** Bundles that run in the cage, by the name they have there. */
  [name: string]: string
}

export const CHANNEL_FD = 3
const FILTER_FD = 4
const FIRST_FILE_FD = 5

/** Memory that all programs of a cage can have together; what wants more gets none. */
const CAGE_DATA_KIB = 3 * 1024 * 1024
/** Files that it may have open. */
const CAGE_FILES = 256

/**
 * The command that starts a caged Node: bubblewrap, in namespaces of its own (no network, no processes, no files but Node itself and our two
 * bundles, nothing writable), without rights, behind a filter of system calls, with Node's own permissions on top where it has them.
 *
 * @param files the content of each goes in as a file of the cage; `entry` is the one that runs.
 */
export function cageCommand(files: CageFiles, entry: string, { permissions = true }: CageChoices = {}): CageMeans {
  if (process.platform !== 'linux') return { missing: ['Linux'] }
  const missing: string[] = []
  const bwrap = findProgram('bwrap')
  if (bwrap === null) missing.push('bubblewrap')
  const filter = seccompFilter(process.arch)
  if (filter === null) missing.push(`a filter of system calls for ${process.arch}`)
  if (existsSync('/proc/sys/user/max_user_namespaces') && readFileSync('/proc/sys/user/max_user_namespaces', 'utf8').trim() === '0')
    missing.push('user namespaces (sysctl user.max_user_namespaces)')
  if (bwrap === null || filter === null || missing.length > 0) return { missing }
  const libraries = sharedLibraries()
  const args = [
    ['--unshare-all', '--unshare-user', '--die-with-parent', '--new-session', '--as-pid-1', '--clearenv', '--hostname', 'cage'],
    ['--uid', String(NOBODY), '--gid', String(NOBODY), '--cap-drop', 'ALL'],
    ['--ro-bind', realpathSync(process.execPath), '/holt/node'],
    libraries.flatMap((path) => ['--ro-bind', realpathSync(path), path]),
    Object.keys(files).flatMap((name, index) => ['--perms', '0444', '--ro-bind-data', String(FIRST_FILE_FD + index), `/holt/${name}`]),
    ['--remount-ro', '/', '--chdir', '/', '--seccomp', String(FILTER_FD), '--'],
    ['/holt/node', ...nodeFlags(permissions), `/holt/${entry}`],
  ].flat()
  const limits = `ulimit -c 0; ulimit -n ${CAGE_FILES}; ulimit -d ${CAGE_DATA_KIB}; exec "$@"`
  const uid = process.getuid?.() === 0 ? NOBODY : undefined
  return { command: { command: '/bin/sh', args: ['-c', limits, 'cage', bwrap, ...args], filter, files: Object.values(files), uid } }
}

/** Node's own cage in the cage. A thread of the pool is enough: nothing reads files. */
function nodeFlags(withPermissions: boolean): string[] {
  const flag = ['--permission', '--experimental-permission'].find((name) => process.allowedNodeEnvironmentFlags.has(name))
  const permissions = flag === undefined || !withPermissions ? [] : [flag, '--allow-fs-read=/holt/*', '--allow-worker']
  return [...permissions, '--no-warnings', '--disable-proto=delete', '--no-addons', '--max-old-space-size=512']
}

/** What the running Node has loaded, the loader itself included. */
function sharedLibraries(): string[] {
  const report = process.report?.getReport() as { sharedObjects?: string[] } | undefined
  return (report?.sharedObjects ?? []).filter((path) => path.startsWith('/') && /\.so(\.\d+)*$/.test(path) && existsSync(path))
}

function findProgram(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '/usr/bin:/bin').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {} // not in this one
  }
  return null
}
