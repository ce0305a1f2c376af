import { runSeed } from './run-seed.ts'

/** What the one who hands out seeds is told. */
export type Told =
  | { kind: 'ready' }
  | { kind: 'failed'; seed: number; text: string }
  | { kind: 'done'; from: number; to: number; steps: number }

/** Of one seed: what nobody waited for and failed all the same. */
const strays: string[] = []
process.on('unhandledRejection', (reason) => {
  strays.push(reason instanceof Error ? String(reason) : 'something that is no error')
})

/** A stack for each of the errors that are part of the game takes a tenth of the time; who looks at one seed has them. */
Error.stackTraceLimit = 0

const tell = (told: Told): void => void process.send?.(told)

async function outcomeOf(seed: number): Promise<{ steps: number; failure: string | null }> {
  strays.length = 0
  try {
    const { steps } = await runSeed(seed)
    return { steps, failure: strays.length === 0 ? null : `nobody waited for ${strays[0]}` }
  } catch (error) {
    return { steps: 0, failure: String(error) }
  }
}

process.on('message', ({ from, to }: { from: number; to: number }) => {
  const work = async (): Promise<void> => {
    let steps = 0
    for (let seed = from; seed <= to; seed++) {
      const outcome = await outcomeOf(seed)
      steps += outcome.steps
      if (outcome.failure !== null) tell({ kind: 'failed', seed, text: outcome.failure })
    }
    tell({ kind: 'done', from, to, steps })
  }
  void work()
})
process.on('disconnect', () => process.exit(0))
tell({ kind: 'ready' })
