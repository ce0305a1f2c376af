interface ProgressProps {
  label: string
  /** 0 while unknown. */
  whole: number
  part: number
  state?: 'running' | 'done' | 'bad'
}

export function ProgressBar({ label, whole, part, state = 'running' }: ProgressProps) {
  const known = whole > 0
  const percent = known ? Math.min(100, (100 * part) / whole) : 0
  return (
    <div
      class={`progress ${state}${known ? '' : ' unknown'}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(percent) : undefined}
    >
      <div class="progress-fill" style={{ width: known ? `${percent}%` : undefined }} />
    </div>
  )
}

export function Spinner({ label }: { label: string }) {
  return (
    <p class="spinner" role="status">
      <span class="spinner-wheel" aria-hidden="true" />
      {label}
    </p>
  )
}
