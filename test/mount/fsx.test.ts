import { test } from 'node:test'
import { run, temporaryFolder } from '../peers/harness.ts'
import { compiledExerciser } from './fsx/compile.ts'
import { mountWorld } from './world.ts'

/** `npm run torture` does the same for as long as one likes, on a node that is damaged and killed meanwhile. */
const runs = [
  { name: 'file', seeds: [1, 3], operations: 500, what: 'a file is byte by byte what was written, mapped, cut and made holes in' },
  { name: 'names', seeds: [1, 2], operations: 1000, what: 'names, their attributes and what must fail are as a model of them says' },
] as const

for (const { name, seeds, operations, what } of runs) {
  test(what, async (context) => {
    const { folder } = await mountWorld(context)
    const below = await temporaryFolder(context)
    const program = await compiledExerciser(name, below)
    const all = seeds.map(async (seed) => {
      const { stdout, stderr, exitCode } = await run(program, [
        '--folder',
        folder,
        '--seed',
        String(seed),
        '--operations',
        String(operations),
      ])
      if (exitCode !== 0) throw new Error(`seed ${seed} ended with ${String(exitCode)}:\n${stdout}${stderr}`)
    })
    await Promise.all(all)
  })
}
