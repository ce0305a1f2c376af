import type { Command, CommandCall } from '../command.ts'
import { treePath } from '../tree-path.ts'
import { printable } from '../printable.ts'

const mount: Command = {
  name: 'mount',
  summary: 'Shows the tree as a folder of this machine (Linux, as root)',
  arguments: [
    { name: 'DIR', complete: 'folder' },
    { name: 'PATH', optional: true, complete: 'tree' },
  ],
  options: {
    'read-only': { type: 'flag', help: 'nothing can be changed through it' },
    at: { type: 'text', value: 'VERSION', help: 'an older version, by number or date; read only' },
    for: { type: 'text', value: 'USER', help: 'only this user sees it, and owns what has no owner' },
    foreground: { type: 'flag', help: 'stay until it is unmounted' },
  },
  details: [
    'Programs use the folder as any other. What they have synced (fsync) is durable when that returns; the rest is within some seconds. What changes elsewhere shows at once.',
    'Everybody on the machine sees the folder, each with the rights that owners and modes give. Where the tree says nothing of an owner, it is whom the data folder belongs to. With --for nobody but that user sees it, not even root.',
    'DIR/.holt, which is not listed, has the versions of each file and everything by date, to read.',
    'docs/mount.md says what differs from a local file system.',
  ],
  examples: [
    { line: 'holt mount ~/Holt --data /home/me/.holt', does: 'the whole tree' },
    { line: 'holt mount /mnt/then /photos --at 2026-01-31', does: 'photos as they were' },
  ],
  run: async (call) => {
    const [folder = '', typed = '/'] = call.arguments
    const path = treePath(typed)
    const at = call.text('at') ?? null
    const readOnly = call.flag('read-only') || at !== null
    await checkIsDirectory(call, path, at)
    const mounted = await call.folders.mount({ dataFolder: call.dataFolder, folder, path, at, readOnly, onlyFor: call.text('for') ?? null })
    if (call.flag('foreground')) await mounted.ended(call.signal)
    return {
      json: { folder: mounted.folder, path, readOnly, at },
      lines: [`${printable(path)} is mounted on ${printable(mounted.folder)}`],
    }
  },
}

/** Before anything is mounted. @throws HoltError of the node. */
async function checkIsDirectory(call: CommandCall, path: string, at: string | null): Promise<void> {
  await call.ask('files.list', { path, limit: 1, ...(at === null ? {} : { at: /^\d+$/.test(at) ? Number(at) : at }) })
}

const unmount: Command = {
  name: 'unmount',
  summary: 'Takes a mounted folder away; what was written is durable then',
  arguments: [{ name: 'DIR', complete: 'folder' }],
  options: { force: { type: 'flag', help: 'also while programs have files of it open, and when its node is gone' } },
  examples: [{ line: 'holt unmount ~/Holt', does: 'the folder is an ordinary one again' }],
  run: async (call) => {
    const folder = await call.folders.unmount(call.arguments[0] as string, { force: call.flag('force') })
    return { json: { folder }, lines: [`${printable(folder)} is not mounted any more`] }
  },
}

export const mountCommands: readonly Command[] = [mount, unmount]
