import type { InstalledInfo, PackageInfo } from '@holt/control/programs.ts'
import { cidToText } from '@holt/core/cid.ts'
import type { ProgramPackage } from '@holt/core/package/archive.ts'
import { versionToText } from '@holt/core/package/version.ts'
import { principalToText } from '@holt/core/principal.ts'
import { bytesOfBase64 } from '../base64.ts'
import type { Methods } from '../method-table.ts'
import type { OpenTree } from '../open-tree.ts'
import type { NodePlatform } from '../platform.ts'
import type { InstalledProgram } from './installed-program.ts'
import type { Grant } from './installed-record.ts'
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
  | 'programs.logs'
  | 'programs.audit'

const MAX_PACKAGE_FILE_BYTES = 68 << 20

/** Calls on installed programs. */
export function programMethods(platform: NodePlatform, tree: () => OpenTree): Methods<ProgramMethod> {
  const staged = new StagedPackages(platform.crypto, () => platform.now())
  const programs = () => tree().programs
  const info = (program: InstalledProgram): InstalledInfo => installedInfo(program, programs().isHere(program.id))
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
      return { ...packageInfo(id, read), installed: installed === null ? null : info(installed), warnings }
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
    'programs.logs': async ({ id, after }) => ({
      lines: programs()
        .get(id)
        .log.after(after ?? 0),
    }),
    'programs.audit': async ({ id, after }) => ({ uses: programs().audit.list({ program: id, after }) }),
  }
}

/** As the tree has it: what is not so is left out. */
function grantOf(grant: InstalledInfo['grants'][number]): Grant {
  const { kind, name } = grant
  if (kind === 'folder') return { kind, name, path: grant.path, ...(grant.write ? { write: true } : {}) }
  if (kind === 'hosts') return { kind, name, hosts: grant.hosts }
  if (kind === 'page') return { kind, name, ...(grant.network ? { network: true } : {}) }
  return { kind, name }
}

function packageInfo(id: string, { cid, manifest }: ProgramPackage): PackageInfo {
  const { name, title, about, version, author, code, powers } = manifest
  return {
    id,
    package: cidToText(cid),
    name,
    title,
    about,
    version: versionToText(version),
    author: principalToText(author),
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

function installedInfo(program: InstalledProgram, here: boolean): InstalledInfo {
  const { id, package: read, record, totals, limits } = program
  return {
    ...packageInfo(id, read),
    installed: record.installed,
    here,
    running: program.isRunning,
    grants: record.grants.map((grant) => {
      const { kind, name } = grant
      if (kind === 'folder') return { kind, name, path: grant.path, write: grant.write === true }
      if (kind === 'hosts') return { kind, name, hosts: grant.hosts }
      if (kind === 'page') return { kind, name, network: grant.network === true }
      return { kind, name }
    }),
    page: program.port === null ? null : { port: program.port, url: `http://${read.manifest.name}.localhost:${program.port}/` },
    problem: program.problem?.message ?? null,
    limits: { memory: limits.memoryBytes, work: limits.meter, storage: limits.storeBytes, timeMs: limits.timeMs },
    totals: totals === null ? null : { ...totals },
  }
}
