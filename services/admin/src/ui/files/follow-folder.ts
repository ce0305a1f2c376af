import { listen } from '../activity/live.ts'
import { changedAt, refresh } from './folder.ts'

/** Much that changes at once is read again together. */
const TOGETHER_MS = 500

/** What others change shows by itself in the folder that is open. @returns how to end it. */
export function followFolder(): () => void {
  let changed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const read = (): void => {
    timer = undefined
    const paths = [...changed]
    changed = new Set()
    changedAt(...paths)
  }
  const stop = listen({
    changed: (data) => {
      changed.add((data as { path: string }).path)
      timer ??= setTimeout(read, TOGETHER_MS)
    },
    gap: refresh,
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}
