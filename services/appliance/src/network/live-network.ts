import { chmod, chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Tools } from '../system/tools.ts'
import { readIfThere } from '../system/durable-file.ts'
import type { BoxFolders } from './box-folders.ts'
import type { GeneratedFile } from './generated-file.ts'
import { modeOf } from './settings-store.ts'

/** The network as it runs. */
export interface NetworkSystem {
  /** @throws HoltError SYSTEM_REFUSED when a program would not take its file; nothing has changed then. */
  check(files: readonly GeneratedFile[]): Promise<void>
  /** Makes these hold now; null: what the image brings. */
  apply(files: readonly GeneratedFile[] | null): Promise<void>
}

/** Each file with the unit that reads it, in the order in which they change: the firewall before there is anything to guard. */
const units: readonly { file: string; unit: string; how: 'reload' | 'restart'; optional?: true }[] = [
  { file: 'nftables.conf', unit: 'holt-firewall.service', how: 'reload' },
  { file: 'dnsmasq.conf', unit: 'holt-dnsmasq.service', how: 'restart' },
  { file: 'ppp-wan', unit: 'holt-pppoe.service', how: 'restart', optional: true },
  { file: 'hostapd.conf', unit: 'holt-wifi.service', how: 'restart', optional: true },
  { file: 'shaping.tc', unit: 'holt-shaping.service', how: 'restart', optional: true },
]

export interface LiveNetworkOptions {
  folders: BoxFolders
  tools: Tools
  /** Of systemd-networkd, which has to read keys; null leaves the files to root. */
  networkdGroup: number | null
  log: (text: string) => void
}

export class LiveNetwork implements NetworkSystem {
  readonly #folders: BoxFolders
  readonly #tools: Tools
  readonly #networkdGroup: number | null
  readonly #log: (text: string) => void

  constructor({ folders, tools, networkdGroup, log }: LiveNetworkOptions) {
    this.#folders = folders
    this.#tools = tools
    this.#networkdGroup = networkdGroup
    this.#log = log
  }

  async check(files: readonly GeneratedFile[]): Promise<void> {
    const folder = join(this.#folders.live, 'checked')
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    try {
      for (const file of files) {
        if (file.path === 'nftables.conf') await this.#checkFile(folder, file, 'nft', ['-c', '-f'])
        if (file.path === 'dnsmasq.conf') await this.#checkFile(folder, file, 'dnsmasq', ['--test', '-C'])
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async #checkFile(folder: string, { path, text }: GeneratedFile, program: string, args: readonly string[]): Promise<void> {
    const draft = join(folder, path)
    await writeFile(draft, text, { mode: 0o600 })
    await this.#tools.run(program, [...args, draft])
  }

  async apply(files: readonly GeneratedFile[] | null): Promise<void> {
    const wanted = files ?? []
    const changed = new Set<string>()
    for (const { file } of units) {
      const path = join(this.#folders.live, file)
      if (
        await this.#place(
          path,
          wanted.find((one) => one.path === file),
          null,
        )
      )
        changed.add(file)
    }
    const networkd = wanted.filter(({ path }) => path.startsWith('network/'))
    await this.#applyLinks(networkd)
    for (const { file, unit, how, optional } of units) {
      const present = wanted.some((one) => one.path === file)
      if (changed.has(file)) await this.#settle({ unit, how: optional === true && !present ? 'stop' : how })
    }
  }

  /** @returns whether anything is different now. */
  async #place(path: string, file: GeneratedFile | undefined, group: number | null): Promise<boolean> {
    const before = await readIfThere(path)
    if (file === undefined) {
      await rm(path, { force: true })
      return before !== null
    }
    if (before === file.text) return false
    await writeFile(`${path}.new`, file.text, { mode: modeOf(file) })
    if (group !== null) await chown(`${path}.new`, 0, group)
    await chmod(`${path}.new`, modeOf(file))
    await rename(`${path}.new`, path)
    return true
  }

  /** A link that is defined anew has to go first: networkd makes links, and leaves those alone that are there. */
  async #applyLinks(files: readonly GeneratedFile[]): Promise<void> {
    const folder = this.#folders.networkd
    await mkdir(folder, { recursive: true, mode: 0o755 })
    const names = (await readdir(folder)).filter((name) => /\.(network|netdev)$/.test(name))
    const gone: string[] = []
    let changed = false
    for (const name of new Set([...names, ...files.map(({ path }) => basename(path))])) {
      const file = files.find(({ path }) => basename(path) === name)
      const before = await readIfThere(join(folder, name))
      if (!(await this.#place(join(folder, name), file, this.#networkdGroup))) continue
      changed = true
      const link = name.endsWith('.netdev') ? linkIn(before) : null
      if (link !== null) gone.push(link)
    }
    if (!changed) return
    for (const link of gone) await this.#tools.run('ip', ['link', 'delete', 'dev', link]).catch(() => {}) // it may not be there yet
    await this.#tools.run('networkctl', ['reload'])
  }

  /** One part that does not start must not keep the others from their new settings: what counts is whether the owner gets through. */
  async #settle({ unit, how }: { unit: string; how: 'reload' | 'restart' | 'stop' }): Promise<void> {
    const command = how === 'reload' ? 'reload-or-restart' : how
    await this.#tools.run('systemctl', [command, unit], { timeoutMs: 30_000 }).catch((error: Error) => {
      this.#log(`${unit} did not ${how}: ${error.message}`)
    })
  }
}

/** The bridge of the local network stays: all that hangs on it would have to come back. */
function linkIn(netdev: string | null): string | null {
  const name = /^Name=([a-z0-9]{1,15})$/m.exec(netdev ?? '')?.[1] ?? null
  return name === 'lan0' ? null : name
}
