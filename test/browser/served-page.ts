import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AdminOptions, RunningAdmin } from '@holt/admin/options.ts'
import { startAdmin } from '@holt/admin/server/start-admin.ts'
import { MemoryNode, type MemoryNodeOptions } from '@holt/admin/testing/memory-node.ts'

/** The built page on a real port over a node in memory. */
export interface ServedPage {
  url: string
  code: string
  node: MemoryNode
  admin: RunningAdmin
  /** Moves the clock of the page's server: so much later it is from now on. */
  later(ms: number): void
  close(): Promise<void>
}

const builtPage = fileURLToPath(new URL('../../dist/ui', import.meta.url))
const silent = (): void => {}

/** @param options.https over HTTPS too, as on a box. */
export async function servePage({
  https = false,
  push,
  ...ofNode
}: MemoryNodeOptions & { https?: boolean; push?: AdminOptions['push'] } = {}): Promise<ServedPage> {
  const node = new MemoryNode(ofNode)
  const dataFolder = await mkdtemp(join(tmpdir(), 'holt-page-'))
  let laterMs = 0
  const options: AdminOptions = {
    control: node,
    files: node,
    shared: node.shared,
    dataFolder,
    listen: { host: '127.0.0.1', port: 0 },
    ...(https ? { https: { port: 0 }, allowedHosts: ['holt.local'] } : {}),
    ...(push === undefined ? {} : { push }),
    uiFolder: builtPage,
    log: { info: silent, warn: silent, error: silent },
    suggestDrives: async () => [{ folder: '/mnt/usb-stick/holt', totalBytes: 128e9, freeBytes: 91e9 }],
  }
  const admin = await startAdmin(options, { now: () => Date.now() + laterMs })
  return {
    url: admin.url,
    code: admin.setupCode ?? '',
    node,
    admin,
    later: (ms) => {
      laterMs += ms
    },
    async close() {
      await admin.close()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}
