import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { networkFaults } from '@holt/control/box/network-rules.ts'
import { NetworkSettings } from '@holt/control/box/network-settings.ts'
import { HoltError } from '@holt/core/errors.ts'
import { Compile } from 'typebox/compile'
import { readIfThere, syncFolder, writeDurably } from '../system/durable-file.ts'
import { type BoxFolders, generatedLink, settingsFile } from './box-folders.ts'
import type { GeneratedFile } from './generated-file.ts'

const validator = Compile(NetworkSettings)

/**
 * Settings as they come from a file or a call.
 *
 * @throws HoltError UNSUPPORTED_VERSION, MALFORMED, INPUT_INVALID with the field.
 */
export function checkSettings(value: unknown): NetworkSettings {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version !== 1)
    throw new HoltError('UNSUPPORTED_VERSION', `network settings of version ${version}`, { version })
  if (!validator.Check(value)) throw new HoltError('MALFORMED', 'these are no network settings')
  const [first] = networkFaults(value)
  if (first !== undefined) throw new HoltError('INPUT_INVALID', `${first.field} ${first.fault}`, { field: first.field })
  return value
}

/** What the owner confirmed, on the drive: the document, and the files made from it for a start that cannot wait for us. */
export class SettingsStore {
  readonly #folders: BoxFolders

  constructor(folders: BoxFolders) {
    this.#folders = folders
  }

  /** null: as the box came. @throws HoltError as `checkSettings`. */
  async read(): Promise<NetworkSettings | null> {
    const text = await readIfThere(settingsFile(this.#folders))
    if (text === null) return null
    try {
      return checkSettings(JSON.parse(text))
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new HoltError('MALFORMED', 'the network settings on the drive are damaged', {}, { cause: error })
      throw error
    }
  }

  /** On the drive when it resolves. A power cut in between leaves the settings before. */
  async write(settings: NetworkSettings, files: readonly GeneratedFile[]): Promise<void> {
    await this.writeGenerated(files)
    await writeDurably(settingsFile(this.#folders), `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
  }

  /** True when the files for the next start are these. */
  async hasGenerated(files: readonly GeneratedFile[]): Promise<boolean> {
    const folder = generatedLink(this.#folders)
    const present = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    if (present.filter((entry) => entry.isFile()).length !== files.length) return false
    for (const { path, text } of files) if ((await readIfThere(join(folder, path))) !== text) return false
    return true
  }

  /** All of them at once: the folder's name is a link, and changing a link is one step. */
  async writeGenerated(files: readonly GeneratedFile[]): Promise<void> {
    const link = generatedLink(this.#folders)
    const folder = `${link}-${randomBytes(4).toString('hex')}`
    await mkdir(join(folder, 'network'), { recursive: true, mode: 0o755 })
    for (const file of files) await writeSynced(join(folder, file.path), file)
    await syncFolder(join(folder, 'network'))
    await syncFolder(folder)
    const before = await lstat(link).catch(() => null)
    if (before?.isDirectory()) await rm(link, { recursive: true })
    await symlink(basename(folder), `${link}.new`).catch(async () => {
      await rm(`${link}.new`, { force: true })
      await symlink(basename(folder), `${link}.new`)
    })
    await rename(`${link}.new`, link)
    await syncFolder(dirname(link))
    await this.#removeOthers()
  }

  async #removeOthers(): Promise<void> {
    const link = generatedLink(this.#folders)
    const current = await readlink(link)
    const names = await readdir(dirname(link))
    const old = names.filter((name) => name.startsWith(`${basename(link)}-`) && name !== current)
    for (const name of old) await rm(join(dirname(link), name), { recursive: true, force: true })
  }
}

/** systemd-networkd reads as a user of its own; keys are for it and root only. */
export function modeOf({ secret }: GeneratedFile): number {
  return secret ? 0o640 : 0o644
}

async function writeSynced(path: string, file: GeneratedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  const handle = await open(path, 'w', modeOf(file))
  try {
    await handle.chmod(modeOf(file))
    await handle.writeFile(file.text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
