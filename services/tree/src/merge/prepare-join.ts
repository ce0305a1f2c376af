import { equalBytes } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { ChangeList } from '../changes.ts'
import { type Head, parseHead, verifyHead } from '../caps/head.ts'
import { type CommitOptions, openVersion, type Version, type VolumeTree } from '../committer.ts'
import { EditSession, type EditPowers } from '../edit.ts'
import { growHistory } from '../history.ts'
import type { NodeReader } from '../node-reader.ts'
import type { DirectoryEntry } from '../types.ts'
import type { VolumeOptions } from '../volume-options.ts'
import { bringNames } from './bring-names.ts'
import { commonVersions, type JoinPlan, joinRevoked, MOST_CONFLICTS, readBase, takenVersions } from './join.ts'
import { listChanges } from './list-changes.ts'
import { DirectoryMerge, type MergeConflict, type MergeTarget } from './merge-directories.ts'
import type { MergeSide } from './merge-entry.ts'

/** What is left to do to take a version in: make it durable. */
export type PreparedJoin =
  | { how: 'adopted'; version: Version; changes: ChangeList }
  | { how: 'merged'; tree: VolumeTree; commit: Pick<CommitOptions, 'sequence' | 'rewriteHistory' | 'revoked'>; conflicts: MergeConflict[] }

export interface JoinContext {
  reader: NodeReader
  options: VolumeOptions
  ours: Version
  /** The highest number that was used here. */
  usedSequence: number
  powers(epoch: number): EditPowers
}

/**
 * Reads what came, and decides what becomes of it. Writes nothing but nodes of a merged tree.
 *
 * @throws HoltError of the head (NOT_AUTHORIZED, SIGNATURE_INVALID, ROLLED_BACK …), the store and the decoders.
 */
export async function prepareJoin(context: JoinContext, plan: JoinPlan): Promise<PreparedJoin> {
  const { reader, options, ours, usedSequence } = context
  const head = checkedHead(context, plan)
  const theirs = await openVersion(reader, options.keys, plan.head)
  await bringNames({ reader, keys: options.keys }, { ours, theirs }, plan.chunks)
  if (plan.how === 'adopt' && head.seq > usedSequence) {
    const changes = await listChanges(reader, ours.top, theirs.top)
    return { how: 'adopted', version: theirs, changes }
  }
  const { bases = [] } = plan
  const places = { reader, keys: options.keys }
  const found = bases === 'histories' ? await commonVersions(places, { ours, theirs }) : bases
  const base = plan.how === 'merge' ? await readBase(reader, options.keys, found) : { dir: ours.top }
  return merged(context, { base: base?.dir ?? null, theirs, wins: plan.how === 'merge' ? (plan.wins ?? 'ours') : 'theirs' })
}

async function merged(
  { reader, options, ours, usedSequence, powers }: JoinContext,
  { base, theirs, wins }: { base: DirectoryEntry | null; theirs: Version; wins: MergeSide },
): Promise<PreparedJoin> {
  const epoch = Math.max(ours.epoch, theirs.epoch)
  const session = new EditSession(ours.top, powers(epoch))
  const conflicts: MergeConflict[] = []
  const target: MergeTarget = {
    change: (directory, changes) => session.mergeEntries(directory, changes),
    setFields: (directory, fields) => session.mergeFields(directory, fields),
    conflict: (one) => void (conflicts.length < MOST_CONFLICTS && conflicts.push(one)),
  }
  await new DirectoryMerge(reader, { wins, target }).run({ base, ours: ours.top, theirs: theirs.top })
  await session.end()
  const added = await takenVersions({ reader, keys: options.keys }, { ours, theirs })
  return {
    how: 'merged',
    tree: { top: session.top, epoch, topKey: Math.max(ours.topKey, theirs.topKey) },
    commit: {
      sequence: Math.max(usedSequence, theirs.sequence, added.at(-1)?.sequence ?? 0) + 1,
      rewriteHistory: (write) => growHistory({ reader, keys: options.keys, write }, ours.history, added),
      revoked: joinRevoked(ours.revoked, theirs.revoked),
    },
    conflicts,
  }
}

/** One writer, several nodes: the head must be of the owner, and of this volume. What is older than ours may still have what ours has not. */
function checkedHead({ options: { crypto, id, owner, salt }, ours }: JoinContext, { head: bytes, how }: JoinPlan): Head {
  const head = parseHead(bytes)
  if (!equalBytes(head.volume, id) || !equalBytes(head.owner, owner) || !equalBytes(head.salt, salt))
    throw new HoltError('MALFORMED', 'the head is of another volume')
  verifyHead(crypto, head)
  if (!equalBytes(head.writer, owner)) throw new HoltError('NOT_AUTHORIZED', 'only a node of the owner is taken in')
  const forgets = how !== 'merge' && ours.revoked.some((serial) => !head.revoked.some((one) => equalBytes(one, serial)))
  if (forgets) throw new HoltError('ROLLED_BACK', 'the head forgets a revocation')
  return head
}
