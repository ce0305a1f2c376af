import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HoltError } from '@holt/core/errors.ts'

/** The library that goes into every program lies beside the command line in a checkout. */
export function guestFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const guest = join(folder, 'services', 'guest', 'src')
    if (existsSync(join(guest, 'run.ts'))) return guest
  }
  throw new HoltError('DEPENDENCY_MISSING', 'programs are built in a checkout of Holt, which has services/guest', {
    program: 'services/guest',
  })
}
