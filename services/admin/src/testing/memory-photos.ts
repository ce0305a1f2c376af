import type { PhotoStatus } from '@holt/control/photos.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'

type Handlers = { [Name in MethodName]?: (params: Params<Name>) => Promise<Result<Name>> }

/** The pictures of a phone that is none: what a test says is so. */
export class MemoryPhotos {
  status: PhotoStatus = {
    on: false,
    paused: false,
    videos: true,
    folder: null,
    network: 'unmetered',
    charging: false,
    state: 'off',
    waitsFor: null,
    access: null,
    places: true,
    done: 0,
    left: null,
    later: 0,
    current: null,
    problem: null,
  }
  asked = 0

  readonly handlers: Handlers = {
    'photos.status': async () => this.status,
    'photos.set': async (choice) => {
      const next = { ...this.status, ...choice }
      const waits = next.access === 'none' ? ('access' as const) : next.paused ? ('pause' as const) : null
      const state = !next.on ? ('off' as const) : waits === null ? ('running' as const) : ('waiting' as const)
      this.status = { ...next, folder: next.folder ?? '/Photos/Phone', state, waitsFor: next.on ? waits : null }
      return this.status
    },
    'photos.askAccess': async () => {
      this.asked++
      return { asked: true }
    },
  }
}
