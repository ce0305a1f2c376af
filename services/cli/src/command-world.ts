import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { type FakeAnswers, FakeControl } from '@holt/control/fake-control.ts'
import type { DriveInfo, Entry, Status } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { rootKeyToWords } from '@holt/core/root-key.ts'
import type { Command } from './command.ts'
import { allCommands } from './commands.ts'
import { boxNetworkCommands } from './commands/box.ts'
import { boxMachineCommands } from './commands/box-machine.ts'
import { clusterCommands } from './commands/cluster.ts'
import { classCommands } from './commands/classes.ts'
import { driveCommands } from './commands/drives.ts'
import { fileCommands } from './commands/files.ts'
import { findCommands } from './commands/find.ts'
import { folderCommands } from './commands/folders.ts'
import { programCommands } from './commands/programs.ts'
import { programDevCommands } from './commands/program-dev.ts'
import { requestCommands } from './commands/requests.ts'
import { installedProgramCommands } from './commands/installed-programs.ts'
import { keyCommands } from './commands/key.ts'
import { leaseCommands } from './commands/lease.ts'
import { mountCommands } from './commands/mount.ts'
import { nodeCommands } from './commands/node.ts'
import { outlookCommands, wishCommands } from './commands/outlook.ts'
import { peerCommands } from './commands/peers.ts'
import { setupCommands } from './commands/setup.ts'
import { shareCommands } from './commands/shares.ts'
import { transferCommands } from './commands/transfer.ts'
import { trashCommands } from './commands/trash.ts'
import { upkeepCommands } from './commands/upkeep.ts'
import { versionCommands } from './commands/versions.ts'
import { webdavCommands } from './commands/webdav.ts'
import { whereCommands } from './commands/where.ts'
import { type HoltOptions, holt, type Shown } from './fake-terminal.ts'

/** What tests of commands stand on: which file tests which of them, and answers that a node could give. */

/** `commands/PART.test.ts` tests these. */
export const testedTogether = {
  node: [...nodeCommands, ...upkeepCommands],
  files: [...fileCommands, ...findCommands],
  transfer: transferCommands,
  past: [...versionCommands, ...trashCommands],
  others: [...shareCommands, ...peerCommands, ...clusterCommands, ...whereCommands],
  lease: leaseCommands,
  mount: mountCommands,
  webdav: webdavCommands,
  outlook: [...outlookCommands, ...wishCommands],
  folders: [...folderCommands, ...requestCommands],
  drives: [...driveCommands, ...classCommands],
  key: [...setupCommands, ...keyCommands],
  programs: programCommands,
  'program-dev': programDevCommands,
  'installed-programs': installedProgramCommands,
  box: [...boxNetworkCommands, ...boxMachineCommands],
} as const satisfies Record<string, readonly Command[]>

/** Runs a line that must succeed, as text and as JSON, on a node that gives these answers. */
type Both = (
  line: string[],
  answers: FakeAnswers,
  options?: Partial<HoltOptions>,
) => Promise<{ text: Shown; json: unknown; control: FakeControl }>

/** At the end of the test file each of these commands must have been shown as text and as JSON; `shownBothWays` is for tests that do so by hand. */
export function covering(part: keyof typeof testedTogether | readonly Command[]): { both: Both; shownBothWays: (name: string) => void } {
  const commands: readonly Command[] = typeof part === 'string' ? testedTogether[part] : part
  const shown = new Set<string>()
  after(() => {
    for (const { name } of commands.filter((command) => command.name !== 'start'))
      assert.ok(shown.has(name), `'${name}' was run as text and as JSON`)
  })
  const both: Both = async (line, answers, options = {}) => {
    const control = new FakeControl(answers)
    const text = await holt(line, { control, ...options })
    const asJson = await holt(['--json', ...line], { control, ...options })
    assert.equal(asJson.exitCode, text.exitCode)
    shown.add(nameOf(line))
    assert.ok(asJson.out.endsWith('}\n') || asJson.out.endsWith(']\n'), asJson.out + asJson.err)
    return { text, json: JSON.parse(asJson.out), control }
  }
  return { both, shownBothWays: (name) => void shown.add(name) }
}

function nameOf(line: readonly string[]): string {
  const names = allCommands.map(({ name }) => name).filter((known) => line.join(' ').startsWith(known))
  return names.sort((a, b) => b.length - a.length)[0] as string
}

/** Goes with the test. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holt-cli-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export const notThere = () => {
  throw new HoltError('NOT_FOUND', 'it is not there')
}
export const entry = (name: string, more: Partial<Entry> = {}): Entry => ({
  name,
  type: 'file',
  sizeBytes: 1536,
  mode: 0o644,
  modified: 1_790_000_000,
  ...more,
})
export const directory = (name: string): Entry => entry(name, { type: 'directory', sizeBytes: 0, mode: 0o755 })
export const words = rootKeyToWords(new Uint8Array(32).fill(7))
export const report = { files: 3, directories: 1, symlinks: 0, bytes: 2048, skipped: [], unchanged: 0, sequence: 9 }
export const status: Status = {
  state: 'ready',
  version: '0.1.0',
  pid: 2 ** 30,
  dataFolder: '/home/me/.holt',
  pageUrl: 'http://127.0.0.1:4658/',
  principal: '12D3KooW',
  sequence: 9,
  uptimeSeconds: 125,
  memory: { rssBytes: 80 << 20, heapBytes: 30 << 20 },
  eventLoopDelayMs: { p50: 1, p99: 3.25, max: 20 },
  store: { blocks: 12_345, packs: 20, packBytes: 1.2 * 2 ** 30, unspreadBytes: 0, degradedPacks: 0, lostPacks: 0 },
  keyBackedUp: false,
}
export const drive: DriveInfo = {
  id: 'ab12',
  folder: '/mnt/a',
  state: 'ok',
  totalBytes: 1e12,
  freeBytes: 5e11,
  fragmentBytes: 4096,
  fragmentCount: 17,
}
