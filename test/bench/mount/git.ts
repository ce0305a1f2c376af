import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { command } from '../measure.ts'
import { outputOf, same } from './outputs.ts'
import { sourceTree } from './sources.ts'
import type { Workload } from './workload.ts'

const options = { goal: 1 / 2 }
const identity = { GIT_AUTHOR_NAME: 'bench', GIT_AUTHOR_EMAIL: 'bench@localhost', GIT_COMMITTER_NAME: 'bench' }
const environment = { ...identity, GIT_COMMITTER_EMAIL: 'bench@localhost', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
const git = (...words: string[]): Promise<void> => command('git', words, environment)

/** A local repository is cloned, and asked what has changed. */
export const gitWork: Workload = {
  prepare: async ({ sources, scale }) => {
    const [work, bare] = [join(sources, 'work'), join(sources, 'bare.git')]
    await git('init', '-q', '-b', 'main', work)
    for (const { path, content } of sourceTree(Math.round(scale * 5000), 2)) {
      await mkdir(dirname(join(work, path)), { recursive: true })
      await writeFile(join(work, path), content)
    }
    await git('-C', work, 'add', '.')
    await git('-C', work, 'commit', '-q', '-m', 'all of it')
    await git('clone', '-q', '--bare', work, bare)
    await command('rm', ['-rf', work])
  },
  run: async (disk, timings, { sources }) => {
    const clone = join(disk.folder, 'clone')
    const status = (): Promise<string> => outputOf('git', ['-C', clone, 'status', '--porcelain'], '/')
    await timings.time(disk, 'git clone', options, () => git('clone', '-q', '--no-hardlinks', join(sources, 'bare.git'), clone))
    same('what git status says', await status(), '')
    await timings.time(disk, 'git status', options, async () => same('what git status says', await status(), ''))
    await git('-C', clone, 'fsck', '--full', '--strict')
    await command('rm', ['-rf', clone])
  },
}
