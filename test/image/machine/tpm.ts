import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Child, runCommand } from './child.ts'
import { until } from './connect.ts'

/** A TPM 2.0 in software (swtpm) that keeps its state in a folder, as the chip does on a board. */
export class Tpm {
  readonly folder: string
  #child: Child | null = null

  constructor(folder: string) {
    this.folder = folder
  }

  /** Makes the chip as a factory does, with an endorsement certificate of a local authority. */
  async manufacture(): Promise<void> {
    const authority = join(this.folder, 'authority')
    const file = (name: string): string => join(authority, name)
    await mkdir(authority, { recursive: true })
    await writeLines(file('localca.conf'), [
      `statedir = ${authority}`,
      `signingkey = ${file('signing-key.pem')}`,
      `issuercert = ${file('issuer-certificate.pem')}`,
      `certserial = ${file('serial')}`,
    ])
    await writeLines(file('localca.options'), ['--platform-manufacturer Holt', '--platform-version 1', '--platform-model Test'])
    await writeLines(file('setup.conf'), [
      'create_certs_tool = swtpm_localca',
      `create_certs_tool_config = ${file('localca.conf')}`,
      `create_certs_tool_options = ${file('localca.options')}`,
      'active_pcr_banks = sha256',
    ])
    await runCommand(['swtpm_setup', '--tpm2', '--tpmstate', this.folder, '--create-ek-cert', '--config', file('setup.conf')])
  }

  /** Powers the chip. @param device how it is wired to the board. @returns what QEMU is told about it. */
  async powerOn(device: string): Promise<string[]> {
    const socket = join(this.folder, 'control')
    await rm(socket, { force: true })
    const state = `dir=${this.folder},mode=0600`
    this.#child = new Child(['swtpm', 'socket', '--tpm2', '--tpmstate', state, '--ctrl', `type=unixio,path=${socket}`, '--terminate'])
    await until('a TPM', async () => existsSync(socket), { limitMs: 10_000 })
    return ['-chardev', `socket,id=tpm,path=${socket}`, '-tpmdev', 'emulator,id=tpm0,chardev=tpm', '-device', `${device},tpmdev=tpm0`]
  }

  async cutPower(): Promise<void> {
    await this.#child?.kill()
    this.#child = null
  }
}

async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, `${lines.join('\n')}\n`)
}
