// Hands seeds out to processes, a few at a time; tells how far it is, and writes it down so that it can be gone on with.
import { fork, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { root } from './common.mjs'

const SEEDS_AT_ONCE = 100
const TELL_EVERY_MS = 15_000

/** @returns whether all seeds were good. */
export async function runWorlds(worker, { from, to, processes, log }) {
  const commit = commitNow()
  const title = `whole worlds, seeds ${from} to ${to}, commit ${commit}`
  const before = log !== undefined && existsSync(log) ? readFileSync(log, 'utf8') : ''
  const isSame = before.startsWith(`${title}\n`)
  if (before !== '' && !isSame) throw new Error(`${log} is of another run: ${before.split('\n')[0]}`)
  const say = (line, { quiet = false } = {}) => {
    if (!quiet) console.log(line)
    if (log !== undefined) appendFileSync(log, `${line}\n`)
  }
  if (!isSame) say(title)
  const done = new Set([...before.matchAll(/^seeds (\d+) to \d+ done/gm)].map(([, first]) => Number(first)))
  const failed = new Set([...before.matchAll(/^seed (\d+) failed/gm)].map(([, seed]) => Number(seed)))
  const chunks = []
  for (let first = from; first <= to; first += SEEDS_AT_ONCE)
    if (!done.has(first)) chunks.push({ from: first, to: Math.min(to, first + SEEDS_AT_ONCE - 1) })
  const total = chunks.reduce((sum, chunk) => sum + chunk.to - chunk.from + 1, 0)
  if (done.size > 0) say(`going on: ${total} of ${to - from + 1} seeds are left`)

  let [finished, steps] = [0, 0]
  const started = performance.now()
  const rate = () => finished / ((performance.now() - started) / 1000)
  const tell = () => {
    const minutes = Math.ceil((total - finished) / Math.max(rate(), 0.001) / 60)
    say(`${finished} of ${total} seeds, ${rate().toFixed(1)} a second, ${finished === 0 ? '?' : minutes} min left, ${failed.size} failed`)
  }
  const children = new Set()
  const stop = () => {
    chunks.length = 0
    for (const child of children) child.kill('SIGTERM')
    say('cancelled')
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const timer = setInterval(tell, TELL_EVERY_MS)
  const fails = (seed, text) => {
    failed.add(seed)
    say(`seed ${seed} failed: ${text}\nagain: npm run simulate -- --seed ${seed}`)
  }
  /** One process, until nothing is left. */
  const work = () =>
    new Promise((resolve) => {
      const child = fork(worker, [], {
        cwd: root,
        execArgv: ['--max-semi-space-size=64', '--min-semi-space-size=64', '--single-threaded-gc'],
      })
      children.add(child)
      let chunk = null
      const next = () => {
        chunk = chunks.shift() ?? null
        if (chunk === null) child.disconnect()
        else child.send(chunk)
      }
      child.on('message', (told) => {
        if (told.kind === 'failed') fails(told.seed, told.text)
        if (told.kind === 'done') {
          finished += told.to - told.from + 1
          steps += told.steps
          say(`seeds ${told.from} to ${told.to} done`, { quiet: true })
        }
        if (told.kind !== 'failed') next()
      })
      child.once('exit', (code, signal) => {
        children.delete(child)
        if (chunk !== null && signal !== 'SIGTERM')
          fails(chunk.from, `the process ended with ${code ?? signal} in seeds ${chunk.from} to ${chunk.to}`)
        resolve()
      })
    })
  await Promise.all(Array.from({ length: Math.min(processes, chunks.length) }, work))
  clearInterval(timer)
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  const seconds = (performance.now() - started) / 1000
  const each = finished === 0 ? 0 : Math.round(steps / finished)
  say(
    `${finished} seeds in ${seconds.toFixed(0)} s, ${rate().toFixed(1)} a second with ${processes} processes, ${each} steps each; ${failed.size} failed, ${total - finished} not run`,
  )
  if (failed.size > 0) say(`failed: ${[...failed].join(' ')}; each again: npm run simulate -- --seed N`)
  return failed.size === 0 && finished === total
}

/** With a mark when something is changed that is not in it. */
function commitNow() {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
  return `${git('rev-parse', '--short=12', 'HEAD') || 'unknown'}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes'}`
}
