import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import type { InstalledInfo } from '../api/program-calls.ts'
import { Icon } from '../parts/icons.tsx'
import { texts } from '../texts/texts.ts'
import { LimitsDialog } from './limits-dialog.tsx'

/** How much of the machine a program takes now, and may take. */
export function LimitsCard({ program }: { program: InstalledInfo }) {
  const words = texts.programs.limits
  const { limits, totals } = program
  const changing = useSignal(false)
  return (
    <section class="card" aria-labelledby="limits-title">
      <h2 id="limits-title">{words.title}</h2>
      <p class="faint">{totals === null ? words.stopped : words.lead}</p>
      {totals !== null && (
        <>
          <ul class="meters">
            <Meter label={words.work} text={words.workOf(totals.mostMeter, limits.work)} part={totals.mostMeter} whole={limits.work} />
            <Meter
              label={words.memory}
              text={words.memoryOf(totals.memoryBytes, limits.memory)}
              part={totals.memoryBytes}
              whole={limits.memory}
            />
            <Meter
              label={words.store}
              text={words.storeOf(totals.storeBytes, limits.storage)}
              part={totals.storeBytes}
              whole={limits.storage}
            />
            <Meter
              label={words.waiting}
              text={words.waitingOf(totals.waiting, limits.waiting)}
              part={totals.waiting}
              whole={limits.waiting}
            />
            <Meter
              label={words.streams}
              text={words.streamsOf(totals.streams, limits.streams)}
              part={totals.streams}
              whole={limits.streams}
            />
          </ul>
          <p class="faint">{words.did(totals.deliveries, totals.failures)}</p>
        </>
      )}
      <button type="button" class="button program-change" onClick={() => (changing.value = true)}>
        <Icon name="edit" />
        {words.change}
      </button>
      {changing.value && <LimitsDialog program={program} onClose={() => (changing.value = false)} />}
    </section>
  )
}

function Meter({ label, text, part, whole }: { label: string; text: string; part: number; whole: number }) {
  const id = useId()
  return (
    <li>
      <span id={id} class="meter-name">
        {label}
      </span>
      <span class="faint">{text}</span>
      <meter aria-labelledby={id} min={0} max={1} high={0.9} optimum={0} value={Math.min(1, part / whole)}>
        {text}
      </meter>
    </li>
  )
}
