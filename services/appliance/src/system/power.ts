import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RESET_CONSENT } from '@holt/control/box/consent.ts'
import { HoltError } from '@holt/core/errors.ts'
import { syncFolder } from './durable-file.ts'
import type { Tools } from './tools.ts'

/** On the boot partition: whoever finds it at the next start makes the box as it came. */
const RESET_FOLDER = '/efi/holt'

export class Power {
  readonly #tools: Tools
  readonly #resetFolder: string

  constructor(tools: Tools, resetFolder = RESET_FOLDER) {
    this.#tools = tools
    this.#resetFolder = resetFolder
  }

  async restart(): Promise<void> {
    await this.#tools.run('systemctl', ['--no-block', 'reboot'])
  }

  async shutdown(): Promise<void> {
    await this.#tools.run('systemctl', ['--no-block', 'poweroff'])
  }

  /** @throws HoltError CONSENT_MISSING. */
  async factoryReset(consent: string): Promise<void> {
    if (consent !== RESET_CONSENT) throw new HoltError('CONSENT_MISSING', `type '${RESET_CONSENT}' to agree`)
    await mkdir(this.#resetFolder, { recursive: true })
    await writeFile(join(this.#resetFolder, 'reset'), '', { flush: true })
    await syncFolder(this.#resetFolder)
    await this.restart()
  }
}
