import type { InstalledInfo, PackageInfo, PackageWarning as PackageWarningInfo } from '@holt/control/programs.ts'
import { equalBytes } from '@holt/core/bytes.ts'
import { cidToText } from '@holt/core/cid.ts'
import { HoltError } from '@holt/core/errors.ts'
import type { ProgramPackage } from '@holt/core/package/archive.ts'
import { versionToText } from '@holt/core/package/version.ts'
import { principalFromText, principalToText } from '@holt/core/principal.ts'
import { MOST_WAITING } from '@holt/kernel/program-runner.ts'
import { base64Of, bytesOfBase64 } from '../base64.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'
import type { NodePlatform } from '../platform.ts'
import { iconOf } from './icon.ts'
import type { InstalledProgram } from './installed-program.ts'
import type { Grant } from './installed-record.ts'
import type { PackageWarning } from './programs.ts'
import { StagedPackages } from './staged-packages.ts'

type ProgramMethod =
  | 'programs.stage'
  | 'programs.inspect'
  | 'programs.install'
  | 'programs.list'
  | 'programs.start'
  | 'programs.stop'
  | 'programs.remove'
  | 'programs.grant'
  | 'programs.revoke'
  | 'programs.limit'
  | 'programs.icon'
  | 'programs.logs'
  | 'programs.audit'

const MAX_PACKAGE_FILE_BYTES = 68 << 20

/** Calls on installed programs. */
export function programMethods(platform: NodePlatform, tree: () => OpenTree): Methods<ProgramMethod> {
  const staged = new StagedPackages(platform.crypto, () => platform.now())
  const programs = () => tree().programs
  const isOwn = (read: ProgramPackage): boolean => equalBytes(read.manifest.author, tree().keys.author.publicKey)
  const info = (program: InstalledProgram): InstalledInfo =>
    installedInfo(program, { here: programs().isHere(program.id), own: isOwn(program.package) })
  return {
    'programs.stage': async ({ stage, base64, path }) => {
      if (base64 !== undefined) return staged.add(stage ?? null, bytesOfBase64(base64, 'base64'))
      const file = await tree()
        .volume.current()
        .openFile(path ?? '')
      return staged.add(null, await file.read(0, Math.min(file.sizeBytes, MAX_PACKAGE_FILE_BYTES + 1)))
    },
    'programs.inspect': async ({ stage }) => {
      const { id, package: read, installed, warnings } = programs().inspect(staged.get(stage))
      return {
        ...packageInfo(id, read, isOwn(read)),
        installed: installed === null ? null : info(installed),
        warnings: warnings.map(warningInfo),
      }
    },
    'programs.install': async ({ stage, grants, limits }) => {
      const program = await programs().install(staged.get(stage), {
        grants: grants.map(grantOf),
        ...(limits === undefined ? {} : { limits }),
      })
      staged.forget(stage)
      return info(program)
    },
    'programs.list': async () => ({ programs: programs().list().map(info) }),
    'programs.start': async ({ id }) => {
      await programs().start(id)
      return info(programs().get(id))
    },
    'programs.stop': async ({ id }) => {
      await programs().stop(id)
      return info(programs().get(id))
    },
    'programs.remove': async ({ id }) => {
      await programs().remove(id)
      return {}
    },
    'programs.grant': async ({ id, grant }) => {
      await programs().grant(id, grantOf(grant))
      return info(programs().get(id))
    },
    'programs.revoke': async ({ id, power }) => {
      await programs().revoke(id, power)
      return info(programs().get(id))
    },
    'programs.limit': async ({ id, limits }) => {
      await programs().limit(id, limits)
      return info(programs().get(id))
    },
    'programs.icon': async ({ id, stage }) => {
      const icon = iconOf(id === undefined ? programs().inspect(staged.get(stage ?? '')).package : programs().get(id).package)
      if (icon === null) throw new HoltError('NOT_FOUND', 'the program has no icon')
      return { type: icon.type, base64: base64Of(icon.bytes) }
    },
    'programs.logs': async ({ id, after }) => ({
      lines: programs()
        .get(id)
        .log.after(after ?? 0),
    }),
    'programs.audit': async ({ id, ...filter }) => {
      const { journal } = programs()
      const titleOf = (program: string): string => {
        const installed = programs().find(program)
        if (installed !== null) return installed.package.manifest.title
        return (
          journal
            .list({ program, power: '' })
            .uses.filter(({ what }) => what === 'remove')
            .at(-1)?.about ?? program.slice(0, 8)
        )
      }
      return { ...journal.list({ program: id, ...filter }), programs: journal.programs.map((one) => ({ id: one, title: titleOf(one) })) }
    },
  }
}

/** As the tree has it: what is not so is left out. */
function grantOf(grant: InstalledInfo['grants'][number]): Grant {
  const { kind, name } = grant
  if (kind === 'folder') return { kind, name, path: grant.path, ...(grant.write ? { write: true } : {}) }
  if (kind === 'hosts') return { kind, name, hosts: grant.hosts }
  if (kind === 'page') return { kind, name, ...(grant.network ? { network: true } : {}) }
  if (kind === 'messages') return { kind, name, ...(grant.with === null ? {} : { with: grant.with.map(ownerCalled) }) }
  return { kind, name }
}

function ownerCalled(text: string): Uint8Array {
  try {
    return principalFromText(text)
  } catch (cause) {
    throw new HoltError('INPUT_INVALID', `'${text.slice(0, 64)}' is no principal`, { field: 'with' }, { cause })
  }
}

function warningInfo(warning: PackageWarning): PackageWarningInfo {
  if (warning.kind === 'imitates') return { kind: 'imitates', title: warning.title, author: principalToText(warning.author) }
  return { kind: 'author-changed', from: principalToText(warning.from) }
}

function packageInfo(id: string, read: ProgramPackage, own: boolean): PackageInfo {
  const { cid, manifest } = read
  const { name, title, about, version, author, code, powers } = manifest
  return {
    id,
    package: cidToText(cid),
    name,
    title,
    about,
    version: versionToText(version),
    author: principalToText(author),
    own,
    icon: iconOf(read) !== null,
    code,
    powers: powers.map((power) => ({
      kind: power.kind,
      name: power.name,
      reason: power.reason,
      optional: power.optional === true,
      ...(power.kind === 'folder' ? { write: power.write === true } : {}),
      ...(power.kind === 'hosts' ? { hosts: power.hosts } : {}),
    })),
  }
}

function installedInfo(program: InstalledProgram, { here, own }: { here: boolean; own: boolean }): InstalledInfo {
  const { id, package: read, record, totals, limits } = program
  return {
    ...packageInfo(id, read, own),
    installed: record.installed,
    here,
    running: program.isRunning,
    grants: record.grants.map((grant) => {
      const { kind, name } = grant
      if (kind === 'folder') return { kind, name, path: grant.path, write: grant.write === true }
      if (kind === 'hosts') return { kind, name, hosts: grant.hosts }
      if (kind === 'page') return { kind, name, network: grant.network === true }
      if (kind === 'messages') return { kind, name, with: grant.with?.map(principalToText) ?? null }
      return { kind, name }
    }),
    page: program.port === null ? null : { port: program.port, url: `http://${read.manifest.name}.localhost:${program.port}/` },
    problem: program.problem?.message ?? null,
    limits: {
      memory: limits.memoryBytes,
      work: limits.meter,
      storage: limits.storeBytes,
      timeMs: limits.timeMs,
      waiting: MOST_WAITING,
      streams: program.mostStreams,
    },
    ownLimits: record.limits,
    totals: totals === null ? null : { ...totals },
  }
}
