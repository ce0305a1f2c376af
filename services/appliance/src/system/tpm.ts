import type { TpmStatus } from '@holt/control/box/methods.ts'
import { join } from 'node:path'
import type { DataKey } from '../disks/data-key.ts'
import { readIfThere } from './durable-file.ts'
import { readEndorsements } from './endorsement.ts'
import type { Tools } from './tools.ts'

/** Facts about the security chip, and whether the data drive depends on it. */
export async function tpmStatus(tools: Tools, dataKey: DataKey, folder = '/sys/class/tpm/tpm0'): Promise<TpmStatus> {
  const version = (await readIfThere(join(folder, 'tpm_version_major')))?.trim() ?? null
  const { sealed, recoveryKey } = await dataKey.status()
  const drive = { dataKeySealed: sealed, recoveryKey }
  if (version === null) return { present: false, version: null, maker: null, endorsements: [], ...drive }
  const endorsements = version === '2' ? await readEndorsements(tools) : []
  return { present: true, version: version === '2' ? '2.0' : '1.2', maker: await makerOf(tools), endorsements, ...drive }
}

async function makerOf(tools: Tools): Promise<string | null> {
  const text = await tools.run('tpm2_getcap', ['properties-fixed']).catch(() => '')
  return /TPM2_PT_MANUFACTURER:\s*\n\s*raw:[^\n]*\n\s*value: "([ -~]{1,16}?)"/.exec(text)?.[1]?.trim() ?? null
}
