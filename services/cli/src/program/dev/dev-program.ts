import type { InstalledInfo, ProgramGrant } from '@holt/control/programs.ts'
import { fromBase64Url, toBase64Url } from '@holt/core/bytes.ts'
import { HoltError } from '@holt/core/errors.ts'
import { encodeArchive } from '@holt/core/package/archive.ts'
import { encodeManifest, type Manifest } from '@holt/core/package/manifest.ts'
import { decodeSignature } from '@holt/core/package/signature.ts'
import { LARGEST_VERSION_PART, type ProgramVersion, versionFromText } from '@holt/core/package/version.ts'
import { principalFromText } from '@holt/core/principal.ts'
import type { CommandCall } from '../../command.ts'
import { askForGrants } from '../grants.ts'
import { bringPackage } from '../package-file.ts'
import { buildProject } from '../project.ts'

const SUFFIX = '-dev'
const MAX_NAME = 32

/**
 * Builds a program and puts it on the node as one beside that which people use: another name, so that neither touches what the other stored, and
 * versions of its own, each higher than the one before. Signed by who runs the node, whoever wrote it.
 */
export async function putDevProgram(call: CommandCall, folder: string): Promise<InstalledInfo> {
  const { author } = await call.ask('programs.author', {})
  const { manifest: built, files } = await buildProject(folder, async () => author)
  const name = `${built.name.slice(0, MAX_NAME - SUFFIX.length).replace(/-$/, '')}${SUFFIX}`
  const { programs } = await call.ask('programs.list', {})
  const before = programs.find((one) => one.name === name && one.own) ?? null
  const manifest: Manifest = {
    ...built,
    name,
    title: `${Array.from(built.title).slice(0, 50).join('')} (dev)`,
    author: principalFromText(author),
    version: before === null ? [0, 0, 1] : after(versionFromText(before.version)),
  }
  const { signature } = await call.ask('programs.sign', { manifest: toBase64Url(encodeManifest(manifest)) })
  const block = fromBase64Url(signature)
  if (block === null) throw new HoltError('MALFORMED', 'the node gave no signature')
  const stage = await bringPackage(call, encodeArchive(manifest, { files, signature: decodeSignature(block) }))
  const { powers } = await call.ask('programs.inspect', { stage })
  const had = before?.grants ?? []
  const known = new Set(powers.map((wish) => wish.name))
  // what --grant names and this version does not wish yet may be wished by the next
  const typed = call.texts('grant').filter((text) => known.has(text.split('=')[0] ?? ''))
  const grants: ProgramGrant[] = await askForGrants(call, powers, { typed: before === null ? typed : newly(typed, had), had })
  const program = await call.ask('programs.install', { stage, grants })
  return program.running ? program : call.ask('programs.start', { id: program.id })
}

function newly(typed: readonly string[], had: readonly ProgramGrant[]): string[] {
  return typed.filter((text) => !had.some(({ name }) => name === text.split('=')[0]))
}

function after([major, minor, patch]: ProgramVersion): Manifest['version'] {
  if (patch < LARGEST_VERSION_PART) return [major, minor, patch + 1]
  return minor < LARGEST_VERSION_PART ? [major, minor + 1, 0] : [major + 1, 0, 0]
}
