import { HoltError } from '@holt/core/errors.ts'
import type { Version } from './committer.ts'
import { readHistory } from './history.ts'
import type { NodeReader } from './node-reader.ts'
import { keepsVersion } from './retention.ts'
import type { KeySource } from './sealed-block.ts'
import { isNotAfter } from './times.ts'
import type { Retention, VersionName } from './types.ts'

/** The newest version and those retained, newest first. */
export async function* listVersions(reader: NodeReader, keys: KeySource, newest: Version | null): AsyncGenerator<VersionName> {
  if (newest === null) return
  const { sequence, time, root, history } = newest
  yield { sequence, time, root }
  yield* readHistory(reader, keys, history)
}

/** @throws HoltError VERSION_NOT_FOUND; INPUT_INVALID for a date that is none. */
export async function findVersion(versions: AsyncIterable<VersionName>, wanted: number | Date): Promise<VersionName> {
  if (Number.isNaN(Number(wanted))) throw new HoltError('INPUT_INVALID', 'that names no version')
  for await (const version of versions) {
    if (typeof wanted === 'number' ? version.sequence === wanted : isNotAfter(version.time, wanted)) return version
  }
  throw new HoltError('VERSION_NOT_FOUND', `no version ${wanted instanceof Date ? wanted.toISOString() : wanted} is kept`)
}

/** What is left of the versions by the rules, when the newest is committed once more. */
export async function keptVersions(
  versions: AsyncIterable<VersionName>,
  { newest, retention, nowSeconds }: { newest: Version; retention: Retention; nowSeconds: number },
): Promise<{ oldestFirst: VersionName[]; dropped: number }> {
  const keeps = keepsVersion(retention, nowSeconds)
  keeps(newest.time[0])
  const kept: VersionName[] = []
  let dropped = 0
  for await (const version of versions) {
    if (keeps(version.time[0])) kept.push(version)
    // The newest goes on in the version that takes its place.
    else if (version.sequence !== newest.sequence) dropped++
  }
  return { oldestFirst: kept.reverse(), dropped }
}
