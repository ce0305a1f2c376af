import { signal } from '@preact/signals'
import { api, type LogLine, type MachineCounters, type MachineFacts, type MachineHistory } from '../api/calls.ts'
import { toastRefusal } from '../state/toasts.ts'

export type Span = 'live' | 'day' | 'month'

/** What the System page shows. */
export const span = signal<Span>('live')
export const counters = signal<MachineCounters | null>(null)
export const history = signal<MachineHistory | null>(null)
export const facts = signal<MachineFacts | null>(null)
export const lines = signal<readonly LogLine[]>([])
export const version = signal('')

const LIVE_STEP_SECONDS = 2
const LIVE_STEPS = 60
const HISTORY_AGAIN_MS = 60_000

let live: MachineCounters[] = []

/** @returns a function that ends it. */
export function lookAtSystem(): () => void {
  live = []
  readOnce().catch(toastRefusal)
  choose(span.value)
  const ticking = setInterval(() => whenSeen(readLive), 1000 * LIVE_STEP_SECONDS)
  const remembering = setInterval(() => whenSeen(readHistory), HISTORY_AGAIN_MS)
  return () => {
    clearInterval(ticking)
    clearInterval(remembering)
  }
}

export function choose(wanted: Span): void {
  span.value = wanted
  if (wanted === 'live') history.value = liveHistory()
  else history.value = null
  ;(wanted === 'live' ? readLive() : readHistory()).catch(toastRefusal)
}

async function readOnce(): Promise<void> {
  const [machine, log, status] = await Promise.all([api.machineFacts(), api.log(), api.status()])
  facts.value = machine
  lines.value = log.lines
  version.value = status.version
}

async function readLive(): Promise<void> {
  const now = await api.machineCounters()
  counters.value = now
  live = [...live, now].slice(-LIVE_STEPS - 1)
  if (span.value === 'live') history.value = liveHistory()
}

async function readHistory(): Promise<void> {
  const asked = span.value
  if (asked === 'live') return
  const read = await api.machineHistory(asked)
  if (span.value === asked) history.value = read
}

function whenSeen(work: () => Promise<void>): void {
  if (document.visibilityState === 'visible') work().catch(() => {})
}

/** What was seen since the page was opened, as the node tells of longer times: rates from differences. */
function liveHistory(): MachineHistory {
  const empty: null[] = Array.from({ length: LIVE_STEPS }, () => null)
  const pairs = live.slice(1).map((now, i) => ({ now, before: live[i] as MachineCounters }))
  const column = (valueOf: (now: MachineCounters, before: MachineCounters) => number | null): (number | null)[] =>
    [...empty, ...pairs.map(({ now, before }) => valueOf(now, before))].slice(-LIVE_STEPS)
  const rate = (now: MachineCounters, before: MachineCounters, name: 'receivedBytes' | 'sentBytes'): number | null =>
    now.time > before.time ? Math.max(0, now[name] - before[name]) / (now.time - before.time) : null
  return {
    startTime: (live.at(-1)?.time ?? Date.now() / 1000) - LIVE_STEPS * LIVE_STEP_SECONDS,
    stepSeconds: LIVE_STEP_SECONDS,
    cpu: column((now, before) =>
      now.cpuSeconds > before.cpuSeconds ? (now.cpuBusySeconds - before.cpuBusySeconds) / (now.cpuSeconds - before.cpuSeconds) : null,
    ),
    memory: column((now) => now.memoryUsedBytes / now.memoryBytes),
    celsius: column((now) => now.celsius),
    received: column((now, before) => rate(now, before, 'receivedBytes')),
    sent: column((now, before) => rate(now, before, 'sentBytes')),
  }
}
