import type { TpmStatus } from '@holt/control/box/methods.ts'
import { join } from 'node:path'
import { Type } from 'typebox'
import { readIfThere } from './durable-file.ts'
import { readEndorsements } from './endorsement.ts'
import { readJson } from './read-json.ts'
import type { Tools } from './tools.ts'

const Luks = Type.Object({ tokens: Type.Optional(Type.Record(Type.String(), Type.Object({ type: Type.String() }))) })

const DATA_PARTITION = '/dev/disk/by-partlabel/holt-data'

/** Facts about the security chip. */
export async function tpmStatus(tools: Tools, folder = '/sys/class/tpm/tpm0'): Promise<TpmStatus> {
  const version = (await readIfThere(join(folder, 'tpm_version_major')))?.trim() ?? null
  const dataKeySealed = await isSealed(tools)
  if (version === null) return { present: false, version: null, maker: null, dataKeySealed, endorsements: [] }
  const endorsements = version === '2' ? await readEndorsements(tools) : []
  return { present: true, version: version === '2' ? '2.0' : '1.2', maker: await makerOf(tools), dataKeySealed, endorsements }
}

async function makerOf(tools: Tools): Promise<string | null> {
  const text = await tools.run('tpm2_getcap', ['properties-fixed']).catch(() => '')
  return /TPM2_PT_MANUFACTURER:\s*\n\s*raw:[^\n]*\n\s*value: "([ -~]{1,16}?)"/.exec(text)?.[1]?.trim() ?? null
}

async function isSealed(tools: Tools): Promise<boolean> {
  const text = await tools.run('cryptsetup', ['luksDump', '--dump-json-metadata', DATA_PARTITION]).catch(() => '{}')
  return Object.values(readJson(Luks, text, 'cryptsetup').tokens ?? {}).some(({ type }) => type === 'systemd-tpm2')
}
