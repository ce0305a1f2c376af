import { useSignal } from '@preact/signals'
import { Icon } from '../parts/icons.tsx'
import { texts } from '../texts/texts.ts'
import { retention } from './plans-state.ts'
import { RetentionDialog } from './retention-dialog.tsx'

/** So many marks a part of the picture has. */
const parts = [
  { kind: 'all', marks: 24 },
  { kind: 'hourly', marks: 12 },
  { kind: 'daily', marks: 8 },
] as const

/** How long older versions are kept: drawn as marks that thin out, and in words. */
export function RetentionCard() {
  const asked = useSignal(false)
  const rules = retention.value
  const words = texts.plans.retention
  if (rules === null) return null
  const lines = linesOf(rules)
  return (
    <section class="card" aria-labelledby="retention-title">
      <h2 id="retention-title">{words.title}</h2>
      <p class="lead">{words.text}</p>
      <div class="thinning" role="img" aria-label={words.picture}>
        <span class="thinning-now">{words.today}</span>
        {parts.map(({ kind, marks }) => (
          <span key={kind} class={`thinning-part ${kind}`}>
            {Array.from({ length: marks }, (_, i) => (
              <i key={i} class="thinning-mark" />
            ))}
          </span>
        ))}
      </div>
      <ul class="rules">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p class="faint">{words.trash(words.days(rules.trashDays))}</p>
      <button type="button" class="button" onClick={() => (asked.value = true)}>
        <Icon name="edit" />
        {words.change}
      </button>
      {asked.value && <RetentionDialog rules={rules} onClose={() => (asked.value = false)} />}
    </section>
  )
}

function linesOf({ keepAllHours, hourlyDays, dailyDays }: NonNullable<typeof retention.value>): string[] {
  const words = texts.plans.retention
  const lines = [words.all(words.days(Math.max(1, Math.round(keepAllHours / 24))))]
  if (hourlyDays > 0) lines.push(words.hourly(words.days(hourlyDays)))
  if (dailyDays > 0) lines.push(words.daily(words.days(dailyDays)))
  return lines
}
