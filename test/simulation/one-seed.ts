import { runSeed } from './run-seed.ts'

/** `npm run simulate -- --seed N`: one seed, with all that happened in it. */
const seed = Number(process.argv[2])
try {
  const { history, steps } = await runSeed(seed)
  for (const line of history) console.log(line)
  console.log(`seed ${seed} is good; ${steps} steps`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
