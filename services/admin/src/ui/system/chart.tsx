import { useSignal } from '@preact/signals'
import { clockText } from '../format.ts'
import { texts } from '../texts/texts.ts'

export interface Line {
  /** One a step, oldest first; null where nothing is known. */
  values: readonly (number | null)[]
  name?: string
}

interface ChartProps {
  label: string
  lines: readonly Line[]
  /** What the top stands for; the highest value when there is none. */
  most?: number
  text: (value: number) => string
  startTime: number
  stepSeconds: number
}

const WIDTH = 600
const HEIGHT = 120

/** Lines over time, the first one filled. What is under the pointer, or the finger, is told in words. */
export function Chart({ label, lines, most, text, startTime, stepSeconds }: ChartProps) {
  const picked = useSignal<number | null>(null)
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null))
  const highest = known.length === 0 ? 0 : Math.max(...known)
  const top = most ?? (highest > 0 ? 1.15 * highest : 1)
  const steps = lines[0]?.values.length ?? 0
  const pick = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as SVGElement).getBoundingClientRect()
    picked.value = Math.max(0, Math.min(steps - 1, Math.floor(((event.clientX - left) / width) * steps)))
  }
  const at = picked.value
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={known.length === 0 ? `${label}: ${texts.system.unknown}` : `${label}: ${texts.system.highest(text(highest))}`}
        onPointerMove={pick}
        onPointerDown={pick}
        onPointerLeave={() => (picked.value = null)}
      >
        {[0.25, 0.5, 0.75].map((part) => (
          <line key={part} class="chart-grid" x1="0" x2={WIDTH} y1={HEIGHT * part} y2={HEIGHT * part} />
        ))}
        {lines.map(({ values }, i) => (
          <g key={i} class={`chart-line line-${i}`}>
            {i === 0 && <path class="chart-area" d={areaPath(values, top)} />}
            <path class="chart-stroke" d={linePath(values, top)} />
          </g>
        ))}
        {at !== null && <line class="chart-pick" x1={xOf(at, steps)} x2={xOf(at, steps)} y1="0" y2={HEIGHT} />}
      </svg>
      <figcaption>
        {known.length === 0 ? texts.system.noValues : captionOf({ lines, text, at, highest, time: startTime + (at ?? 0) * stepSeconds })}
      </figcaption>
    </figure>
  )
}

function captionOf({
  lines,
  text,
  at,
  highest,
  time,
}: Pick<ChartProps, 'lines' | 'text'> & { at: number | null; highest: number; time: number }): string {
  if (at === null) return texts.system.highest(text(highest))
  const values = lines.map(({ values, name }) => {
    const value = values[at] ?? null
    return `${value === null ? texts.system.unknown : text(value)}${name === undefined ? '' : ` ${name}`}`
  })
  return texts.system.atTime(values.join(', '), clockText(time))
}

function xOf(step: number, steps: number): number {
  return steps <= 1 ? WIDTH / 2 : (step / (steps - 1)) * WIDTH
}

/** Stretches of known values, each as its points. */
function stretches(values: readonly (number | null)[], top: number): string[][] {
  const all: string[][] = [[]]
  for (const [i, value] of values.entries()) {
    if (value === null) all.push([])
    else all.at(-1)?.push(`${xOf(i, values.length).toFixed(1)} ${(HEIGHT - (Math.min(value, top) / top) * (HEIGHT - 2) - 1).toFixed(1)}`)
  }
  return all.filter((points) => points.length > 0)
}

function linePath(values: readonly (number | null)[], top: number): string {
  return stretches(values, top)
    .map((points) => `M${points.join('L')}${points.length === 1 ? 'h.1' : ''}`)
    .join('')
}

function areaPath(values: readonly (number | null)[], top: number): string {
  return stretches(values, top)
    .map((points) => `M${points[0]?.split(' ')[0]} ${HEIGHT}L${points.join('L')}L${points.at(-1)?.split(' ')[0]} ${HEIGHT}Z`)
    .join('')
}
