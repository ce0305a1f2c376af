import { runDoctor } from './doctor.ts'
import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'
import { writeSettings } from './settings.ts'

type StoreMethod = 'doctor.run' | 'store.collect' | 'store.settle' | 'retention.get' | 'retention.set'

const HOUR = 3600
const DAY = 24 * HOUR

/** Calls on the store as a whole. */
export function storeMethods(tree: () => OpenTree): Methods<StoreMethod> {
  return {
    'doctor.run': (params, options) => runDoctor(tree(), params, options),
    'store.collect': async (_params, { signal, onProgress }) => {
      const { maintenance } = tree()
      return maintenance.collect({ signal, onProgress })
    },
    'store.settle': async (_params, { signal }) => {
      await tree().store.settle({ signal })
      return {}
    },
    'retention.get': async () => {
      const { retention, trashSeconds } = tree().settings
      const { keepAllSeconds, hourlySeconds, dailySeconds } = retention
      return {
        keepAllHours: Math.round(keepAllSeconds / HOUR),
        hourlyDays: Math.round(hourlySeconds / DAY),
        dailyDays: Math.round(dailySeconds / DAY),
        trashDays: Math.round(trashSeconds / DAY),
      }
    },
    'retention.set': async ({ keepAllHours, hourlyDays, dailyDays, trashDays }) => {
      const { platform, settings } = tree()
      settings.retention = { keepAllSeconds: keepAllHours * HOUR, hourlySeconds: hourlyDays * DAY, dailySeconds: dailyDays * DAY }
      if (trashDays !== undefined) settings.trashSeconds = trashDays * DAY
      await writeSettings(platform.data, settings)
      return {}
    },
  }
}
