import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { command } from '../measure.ts'
import { outputOf, same } from './outputs.ts'
import { sourceTree } from './sources.ts'
import { TarWriter } from './tar-writer.ts'
import type { Workload } from './workload.ts'

const options = { goal: 1 / 2 }
const FILES_EACH = 50

/** Packages from archives on the plain disk; no registry is asked. */
export const npmInstall: Workload = {
  prepare: async ({ sources, scale }) => {
    const folder = join(sources, 'packages')
    await mkdir(folder)
    for (let i = 0; i < packagesOf(scale); i++) await writeFile(join(folder, `part-${i}.tgz`), await packed(i))
  },
  run: async (disk, timings, { sources, scale }) => {
    const project = join(disk.folder, 'project')
    await mkdir(project)
    const count = packagesOf(scale)
    const dependencies = Object.fromEntries(names(count).map((name) => [name, `file:${join(sources, 'packages', name)}.tgz`]))
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'bench', version: '1.0.0', dependencies }))
    const cache = join(sources, `cache-${disk.name}`)
    const how = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', '--cache', cache]
    await timings.time(disk, 'npm install', options, () => command('npm', ['install', '--prefix', project, ...how]))
    const files = await outputOf('find', ['node_modules', '-name', 'file-*'], project)
    same('files that npm installs', files.trim().split('\n').length, count * FILES_EACH)
    await command('npm', ['ls', '--prefix', project, '--all'])
    await command('rm', ['-rf', project])
  },
}

function packagesOf(scale: number): number {
  return Math.max(1, Math.round(scale * 60))
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `part-${i}`)
}

async function packed(number: number): Promise<Buffer> {
  const parts: Buffer[] = []
  const tar = new TarWriter(async (bytes) => parts.push(bytes))
  await tar.add('package/package.json', Buffer.from(JSON.stringify({ name: `part-${number}`, version: '1.0.0' })))
  for (const { path, content } of sourceTree(FILES_EACH, 100 + number)) await tar.add(`package/${path}`, content)
  await tar.end()
  return gzipSync(Buffer.concat(parts), { level: 1 })
}
