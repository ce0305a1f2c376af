import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../measure.ts'
import type { Workload } from './workload.ts'

const options = { goal: 1 / 2 }
const program = fileURLToPath(new URL('sqlite.py', import.meta.url))
const modes = { 'rollback journal': 'delete', WAL: 'wal' }

/** Many small transactions, each durable; a large one; what is read is what was written. */
export const sqlite: Workload = {
  prepare: async () => {},
  run: async (disk, timings, { scale }) => {
    const transactions = Math.max(1, Math.round(scale * 300))
    for (const [name, mode] of Object.entries(modes)) {
      const base = join(disk.folder, `${mode}.db`)
      await timings.time(disk, `SQLite, ${name}`, options, () => command('/usr/bin/python3', [program, base, mode, String(transactions)]))
    }
  },
}
