import type { Params } from '@holt/control/schema.ts'
import { HoltError } from '@holt/core/errors.ts'
import { isAtOrUnder } from '@holt/tree/names.ts'
import type { Edit, TreeEntry } from '@holt/tree/types.ts'
import { bytesOfBase64 } from './base64.ts'
import { nameOf, parentOf, PROGRAM_ATTRIBUTE, timeOfSeconds } from './entries.ts'

/** Of one entry, in Linux' measure; it lies whole in a node of its directory. */
const MOST_ATTRIBUTE_BYTES = 65_536

/** Removes what is at `to`, whatever it is, so that what is at `from` can take its place. @throws HoltError INPUT_INVALID */
export async function clearPlace(edit: Edit, from: string, to: string): Promise<void> {
  if (from === to) return
  if (isAtOrUnder(from, to)) throw new HoltError('INPUT_INVALID', `${from} would be removed with ${to}`, { path: to })
  // first of all: what is not there replaces nothing
  await theEntry(edit, from)
  if ((await edit.stat(to)) !== null) await edit.remove(to, { recursive: true })
}

/** Both entries then refer to the same blocks; what is written to one later is not seen in the other. */
export async function copyEntry(
  edit: Edit,
  { from, to, replace = false, shallow = false }: Omit<Params<'files.copy'>, 'token'>,
): Promise<void> {
  const entry = await theEntry(edit, from)
  if (isAtOrUnder(to, from)) throw new HoltError('INPUT_INVALID', `${from} cannot be copied into itself`, { path: from })
  // the keys of another volume are not given to a second place
  if (entry.t === 'v') throw new HoltError('NOT_AUTHORIZED', `${from} is a volume of its own`, { path: from })
  if (replace) await clearPlace(edit, from, to)
  else if ((await edit.stat(to)) !== null) throw new HoltError('ALREADY_EXISTS', `${to} is there already`, { path: to })
  if (entry.t !== 'd' || !shallow) return edit.putEntries(parentOf(to), [{ name: nameOf(to), entry }])
  await edit.makeDirectory(to, { mode: entry.m, time: entry.mt })
  await edit.setAttributes(to, { cl: entry.cl ?? null, x: entry.x })
}

/** @throws HoltError NOT_FOUND, INPUT_INVALID, TOO_LARGE. */
export async function setAttributes(
  edit: Edit,
  { path, attributes = {}, mode, modified }: Omit<Params<'files.setAttributes'>, 'token'>,
): Promise<void> {
  const x = { ...(await theEntry(edit, path)).x }
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.startsWith(PROGRAM_ATTRIBUTE))
      throw new HoltError('INPUT_INVALID', `attributes of programs begin with user.`, { field: name })
    if (value === null) delete x[name]
    else x[name] = bytesOfBase64(value, 'attributes')
  }
  const sizeBytes = Object.values(x).reduce((sum, value) => sum + value.length, 0)
  if (sizeBytes > MOST_ATTRIBUTE_BYTES) throw new HoltError('TOO_LARGE', `${path} has too many attributes`, { path, sizeBytes })
  await edit.setAttributes(path, { m: mode, mt: modified === undefined ? undefined : timeOfSeconds(modified), x })
}

async function theEntry(edit: Edit, path: string): Promise<TreeEntry> {
  const entry = await edit.stat(path)
  if (entry === null) throw new HoltError('NOT_FOUND', `${path} is not there`, { path })
  return entry
}
