import { useRef } from 'preact/hooks'
import type { Job } from '../api/calls.ts'
import { bytesText, percentText } from '../format.ts'
import { ProgressBar } from '../parts/progress.tsx'
import { texts } from '../texts/texts.ts'

/** Below this, time left is a guess not worth showing. */
const KNOWN_AFTER_MS = 3000

interface JobProgressProps {
  job: Job
  /** What is done, for those who cannot see the bar. */
  label: string
  /** Its items are no things that a person would count. */
  percentOnly?: boolean
}

export function JobProgress({ job, label, percentOnly = false }: JobProgressProps) {
  const { progress } = job
  const [part, whole] = progress ? share(progress) : [0, 0]
  const begun = useRef<{ phase: string; ms: number; part: number } | null>(null)
  if (progress && begun.current?.phase !== progress.phase) begun.current = { phase: progress.phase, ms: performance.now(), part }
  const facts: string[] = []
  if (progress && progress.totalBytes > 0) facts.push(`${bytesText(progress.doneBytes)} / ${bytesText(progress.totalBytes)}`)
  else if (progress && progress.doneItems > 0 && !percentOnly)
    facts.push(texts.storage.progressItems(progress.doneItems, progress.totalItems))
  if (whole > 0) facts.push(percentText(part, whole))
  const left = begun.current ? secondsLeft(begun.current, part, whole) : null
  if (left !== null) facts.push(texts.uploads.left(left))
  return (
    <div class="job-progress">
      <ProgressBar label={label} part={part} whole={whole} />
      <p class="faint">{facts.join(' · ') || texts.shell.loading}</p>
    </div>
  )
}

function share({ doneBytes, totalBytes, doneItems, totalItems }: NonNullable<Job['progress']>): [number, number] {
  return totalBytes > 0 ? [doneBytes, totalBytes] : [doneItems, totalItems]
}

function secondsLeft(begun: { ms: number; part: number }, part: number, whole: number): number | null {
  const ms = performance.now() - begun.ms
  const done = part - begun.part
  return ms < KNOWN_AFTER_MS || done <= 0 || whole <= 0 ? null : (((whole - part) / done) * ms) / 1000
}
