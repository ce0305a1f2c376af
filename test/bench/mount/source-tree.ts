import { join } from 'node:path'
import { command } from '../measure.ts'
import { outputOf, same } from './outputs.ts'
import { NEEDLE, needlesIn, sourceTree } from './sources.ts'
import { writeTar } from './tar-writer.ts'
import type { Workload } from './workload.ts'

/** One and a half times as long as gocryptfs. */
const options = { goal: 1 / 1.5 }

/** The sources of a large program: unpacked, listed, searched, removed. */
export const sources: Workload = {
  prepare: ({ sources, scale }) =>
    writeTar(join(sources, 'tree.tar'), async (tar) => {
      for (const { path, content } of sourceTree(filesOf(scale))) await tar.add(path, content)
    }),
  run: async (disk, timings, { sources, scale }) => {
    const [archive, folder] = [join(sources, 'tree.tar'), join(disk.folder, 'tree')]
    const count = filesOf(scale)
    const thousands = `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} thousand files`
    await command('mkdir', [folder])
    await timings.time(disk, `unpack ${thousands}`, options, () => command('tar', ['-xf', archive, '-C', folder]))
    await timings.time(disk, 'ls -lR', options, async () => {
      const listed = await outputOf('ls', ['-lR', '.'], folder)
      same('files that ls lists', listed.split('\n').filter((line) => line.startsWith('-rw')).length, count)
    })
    await timings.time(disk, 'grep -r', options, async () => {
      const found = await outputOf('grep', ['-rlF', NEEDLE, '.'], folder)
      same('files that grep finds', found.trim().split('\n').length, needlesIn(count))
    })
    await command('tar', ['--compare', '-f', archive, '-C', folder])
    await timings.time(disk, 'rm -rf', options, () => command('rm', ['-rf', folder]))
    same('names that are left', await outputOf('ls', ['-A', disk.folder], '/'), '')
  },
}

function filesOf(scale: number): number {
  return Math.round(scale * 60_000)
}
