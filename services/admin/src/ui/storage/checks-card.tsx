import type { StorageCheck } from '../api/storage-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { texts } from '../texts/texts.ts'
import { checks } from './plans-state.ts'

const LONG_MS = 60 * 86_400_000

/** When everything was last read and checked, and what came of it. */
export function ChecksCard() {
  if (checks.value === null) return null
  const last = checks.value[0]
  const good = last?.state === 'done' && last.healthy
  return (
    <section class="card last-check" aria-labelledby="checks-title">
      <span class={`icon-tile ${good || last === undefined ? 'good' : 'warn'}`}>
        <Icon name={good ? 'check' : 'search'} size={22} />
      </span>
      <div>
        <h2 id="checks-title">{texts.plans.checks.title}</h2>
        {last === undefined ? <p class="faint">{texts.plans.checks.never}</p> : <Outcome check={last} />}
      </div>
    </section>
  )
}

function Outcome({ check }: { check: StorageCheck }) {
  const words = texts.plans.checks
  const time = check.endedMs / 1000
  if (check.state !== 'done') return <p>{words.failed(time)}</p>
  const facts = [words.read(check.bytesChecked, check.fragmentsChecked, (check.endedMs - check.startedMs) / 1000)]
  if (check.repairedFragments > 0) facts.push(words.mended(check.repairedFragments))
  return (
    <>
      <p>
        {words.done(time)} {check.healthy ? words.good : words.bad(check.problems)}
      </p>
      <p class="faint">
        {facts.join('. ')}. {Date.now() - check.endedMs > LONG_MS && words.old}
      </p>
    </>
  )
}
