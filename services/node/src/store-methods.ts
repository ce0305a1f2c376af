import type { Methods } from './method-table.ts'
import type { OpenTree } from './open-tree.ts'
import { writeSettings } from './settings.ts'

type StoreMethod = 'doctor.run' | 'store.collect' | 'store.settle' | 'retention.get' | 'retention.set'

const HOUR = 3600
const DAY = 24 * HOUR

export function storeMethods(tree: () => OpenTree): Methods<Exclude<StoreMethod, 'doctor.run' | 'store.collect'>> {
  return {
    'store.settle': async (_params, { signal }) => {
      await tree().store.settle({ signal })
      return {}
    },
    'retention.get': async () => {
      const { keepAllSeconds, hourlySeconds, dailySeconds } = tree().settings.retention
      return { keepAllHours: Math.round(keepAllSeconds / HOUR), hourlyDays: Math.round(hourlySeconds / DAY), dailyDays: Math.round(dailySeconds / DAY) }
    },
    'retention.set': async ({ keepAllHours, hourlyDays, dailyDays }) => {
      const { platform, settings } = tree()
      settings.retention = { keepAllSeconds: keepAllHours * HOUR, hourlySeconds: hourlyDays * DAY, dailySeconds: dailyDays * DAY }
      await writeSettings(platform.data, settings)
      return {}
    },
  }
}
