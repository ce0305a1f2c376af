import { useSignal } from '@preact/signals'
import type { SpaceHistory } from '../api/storage-calls.ts'
import { dateText } from '../format.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { chooseSpan, space, span } from './plans-state.ts'

const WIDTH = 600
const HEIGHT = 150
const spans = ['month', 'years'] as const

interface Point {
  x: number
  time: number
  used: number
  total: number
}

/** How full the drives were, drawn, and in words when they will be full. */
export function SpaceCard() {
  const history = space.value
  if (history === null) return null
  const points = pointsOf(history)
  const now = points.at(-1)
  return (
    <section class="card space-card" aria-labelledby="space-title">
      <header class="plan-head">
        <h2 id="space-title">{texts.plans.space.title}</h2>
        <div class="space-spans" role="group" aria-label={texts.plans.space.span}>
          {spans.map((one) => (
            <button key={one} type="button" aria-pressed={span.value === one} onClick={() => chooseSpan(one).catch(toastRefusal)}>
              {texts.plans.space.spans[one]}
            </button>
          ))}
        </div>
      </header>
      {now === undefined || points.length < 2 ? (
        <p class="faint">{texts.plans.space.nothing}</p>
      ) : (
        <>
          <p class="space-words">{forecastText(history)}</p>
          <Picture points={points} now={now} />
        </>
      )}
    </section>
  )
}

function forecastText({ forecast }: SpaceHistory): string {
  const words = texts.plans.space
  if (forecast.kind !== 'full') return words[forecast.kind]
  return forecast.inSeconds < 86_400 ? words.fullNow : words.full(forecast.inSeconds)
}

function Picture({ points, now }: { points: readonly Point[]; now: Point }) {
  const picked = useSignal<Point | null>(null)
  const most = Math.max(...points.map(({ total }) => total)) * 1.04
  const y = (bytes: number): number => HEIGHT - (bytes / most) * HEIGHT
  const at = picked.value ?? now
  const first = points[0] as Point
  const pick = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as SVGElement).getBoundingClientRect()
    const x = ((event.clientX - left) / width) * WIDTH
    picked.value = points.reduce((best, one) => (Math.abs(one.x - x) < Math.abs(best.x - x) ? one : best), now)
  }
  return (
    <figure class="space-picture">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={texts.plans.space.label(dateText(first.time), now.used, now.total)}
        onPointerMove={pick}
        onPointerDown={pick}
        onPointerLeave={() => (picked.value = null)}
      >
        <path
          class="space-area"
          d={`M${first.x} ${HEIGHT}${points.map(({ x, used }) => `L${x.toFixed(1)} ${y(used).toFixed(1)}`).join('')}L${now.x} ${HEIGHT}Z`}
        />
        <path class="space-line" d={`M${points.map(({ x, used }) => `${x.toFixed(1)} ${y(used).toFixed(1)}`).join('L')}`} />
        <path class="space-total" d={`M${points.map(({ x, total }) => `${x.toFixed(1)} ${y(total).toFixed(1)}`).join('L')}`} />
        {picked.value !== null && <line class="space-pick" x1={at.x} x2={at.x} y1="0" y2={HEIGHT} />}
      </svg>
      <figcaption>
        <span>{picked.value === null ? texts.plans.space.now(now.used, now.total) : texts.plans.space.at(at.used, at.time)}</span>
        <span class="space-legend">
          <i class="space-key" /> {texts.plans.space.legendUsed} <i class="space-key all" /> {texts.plans.space.legendAll}
        </span>
      </figcaption>
    </figure>
  )
}

/** The known ones, spread over the width from the first of them until now. */
function pointsOf({ startTime, stepSeconds, total, free }: SpaceHistory): Point[] {
  const known = total.flatMap((all, i) => {
    const left = free[i] ?? null
    return all === null || left === null ? [] : [{ time: startTime + i * stepSeconds, used: all - left, total: all }]
  })
  const begin = known[0]?.time ?? 0
  const span = Math.max(1, (known.at(-1)?.time ?? 0) - begin)
  return known.map((one) => ({ ...one, x: ((one.time - begin) / span) * WIDTH }))
}
