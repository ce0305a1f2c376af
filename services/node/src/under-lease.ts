import type { FencingToken, Volume } from '@holt/tree/types.ts'

/** The same volume, all changes of which are made under a lease: they are refused when it is over, or a newer one is known. */
export function underLease(volume: Volume, token: FencingToken | undefined): Volume {
  if (token === undefined) return volume
  return {
    id: volume.id,
    current: () => volume.current(),
    at: (version) => volume.at(version),
    versions: () => volume.versions(),
    edit: (change, options) => volume.edit(change, { ...options, token }),
    workingFile: (entry, redundancyClass) => volume.workingFile(entry, redundancyClass),
    blockWriter: (redundancyClass) => volume.blockWriter(redundancyClass),
    watch: (listener) => volume.watch(listener),
    prune: (retention) => volume.prune(retention),
    live: (options) => volume.live(options),
    revokeReaders: (path) => volume.revokeReaders(path),
    close: () => volume.close(),
  }
}
