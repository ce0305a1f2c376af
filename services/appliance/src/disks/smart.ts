import type { DiskHealth } from '@holt/control/box/methods.ts'
import { type Static, Type } from 'typebox'
import { readJson } from '../system/read-json.ts'
import type { Tools } from '../system/tools.ts'

const Count = Type.Optional(Type.Number())
const Smart = Type.Object({
  smartctl: Type.Object({ exit_status: Type.Integer() }),
  smart_status: Type.Optional(Type.Object({ passed: Type.Boolean() })),
  temperature: Type.Optional(Type.Object({ current: Count })),
  power_on_time: Type.Optional(Type.Object({ hours: Count })),
  ata_smart_attributes: Type.Optional(
    Type.Object({
      table: Type.Array(
        Type.Object({
          id: Type.Integer(),
          raw: Type.Object({ value: Type.Number() }),
          when_failed: Type.Optional(Type.String()),
          name: Type.String(),
        }),
      ),
    }),
  ),
  nvme_smart_health_information_log: Type.Optional(
    Type.Object({
      critical_warning: Count,
      percentage_used: Count,
      media_errors: Count,
      available_spare: Count,
      available_spare_threshold: Count,
    }),
  ),
  endurance_used: Type.Optional(Type.Object({ current_percent: Count })),
})
type Smart = Static<typeof Smart>

/** smartctl could not speak with the drive at all; its other bits tell of the drive. */
const NOT_READ = 0b11
const [REALLOCATED, PENDING, UNCORRECTABLE] = [5, 197, 198]
const WORN_PERCENT = 90

/** @throws HoltError DEPENDENCY_MISSING, SYSTEM_REFUSED. */
export async function diskHealth(tools: Tools, device: string): Promise<DiskHealth> {
  // a sleeping drive is not woken up for this
  const text = await tools.run('smartctl', ['--json', '--all', '--nocheck=standby', device], { allowed: () => true })
  const smart = readJson(Smart, text, 'smartctl')
  if (
    (smart.smartctl.exit_status & NOT_READ) !== 0 ||
    (smart.smart_status === undefined && smart.nvme_smart_health_information_log === undefined)
  )
    return unknown
  return healthOf(smart)
}

const unknown: DiskHealth = { state: 'unknown', temperature: null, hours: null, defects: null, wearPercent: null, problems: [] }

function healthOf(smart: Smart): DiskHealth {
  const raw = (id: number): number => smart.ata_smart_attributes?.table.find((one) => one.id === id)?.raw.value ?? 0
  const nvme = smart.nvme_smart_health_information_log
  const wearPercent = nvme?.percentage_used ?? smart.endurance_used?.current_percent ?? null
  const failing: string[] = []
  const worn: string[] = []
  if (smart.smart_status?.passed === false) failing.push('the drive says that it is failing')
  for (const { name, when_failed } of smart.ata_smart_attributes?.table ?? [])
    if (when_failed === 'now') failing.push(`${name.replace(/[^ -~]/g, '?').slice(0, 40)} is past its limit`)
  if ((nvme?.critical_warning ?? 0) !== 0) failing.push('the drive gives a critical warning')
  if (raw(PENDING) + raw(UNCORRECTABLE) > 0) failing.push(`${raw(PENDING) + raw(UNCORRECTABLE)} sectors cannot be read`)
  if (raw(REALLOCATED) > 0) worn.push(`${raw(REALLOCATED)} sectors had to be replaced`)
  if ((nvme?.media_errors ?? 0) > 0) worn.push(`${nvme?.media_errors} errors of its medium`)
  if (wearPercent !== null && wearPercent >= WORN_PERCENT) worn.push(`${wearPercent} % of its life are used`)
  return {
    state: failing.length > 0 ? 'failing' : worn.length > 0 ? 'worn' : 'good',
    temperature: whole(smart.temperature?.current),
    hours: whole(smart.power_on_time?.hours),
    defects: nvme === undefined ? raw(REALLOCATED) + raw(PENDING) + raw(UNCORRECTABLE) : (nvme.media_errors ?? null),
    wearPercent: whole(wearPercent),
    problems: [...failing, ...worn],
  }
}

function whole(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value)
}
