import type { MountableTree, MountOptions } from '@holt/control/mounted-tree.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { OpenTree } from '../open-tree.ts'
import { snapshotAt } from '../versions.ts'
import { MountedWithPast } from './mounted-with-past.ts'

/** Parts of the tree as file systems, for who speaks with a kernel. */
export function mountableTree(tree: () => OpenTree): MountableTree & { isReady(): void; othersAreKnown(): void; end(): Promise<void> } {
  const open = new Set<MountedWithPast>()
  let isReady = (): void => {}
  const ready = new Promise<void>((resolve) => (isReady = resolve))
  let othersAreKnown = (): void => {}
  const othersKnown = new Promise<void>((resolve) => (othersAreKnown = resolve))
  return {
    ready,
    othersKnown,
    isReady: () => isReady(),
    othersAreKnown: () => othersAreKnown(),
    async mount(options: MountOptions) {
      const { platform, volume, keeper } = tree()
      const fixed = options.at === undefined ? null : await snapshotAt(volume, options.at)
      const top = await (fixed ?? volume.current()).stat(options.path)
      if (top === null) throw new HoltError('NOT_FOUND', `${options.path} is not there`, { path: options.path })
      if (top.t !== 'd' && top.t !== 'v') throw new HoltError('NOT_A_DIRECTORY', `${options.path} is no directory`, { path: options.path })
      const context = {
        volume,
        crypto: platform.crypto,
        now: () => platform.now(),
        space: async () => spaceOf(keeper.drives()),
        log: (text: string) => platform.log('warn', text),
      }
      const ended = (): boolean => open.delete(mounted)
      const mounted = await MountedWithPast.open({ ...context, ended }, options, { fixed, top })
      open.add(mounted)
      return mounted
    },
    async end() {
      await Promise.allSettled([...open].map((mounted) => mounted.end()))
    },
  }
}

function spaceOf(drives: readonly { totalBytes: number; freeBytes: number }[]): { totalBytes: number; freeBytes: number } {
  const sum = (name: 'totalBytes' | 'freeBytes'): number =>
    Math.max(
      0,
      drives.reduce((whole, drive) => whole + drive[name], 0),
    )
  return { totalBytes: sum('totalBytes'), freeBytes: sum('freeBytes') }
}
