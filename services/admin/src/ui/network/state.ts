import { computed, signal } from '@preact/signals'
import { networkFaults } from '@holt/control/box/network-rules.ts'
import { api, type NetworkSettings, type NetworkStatus, type Trial } from '../api/calls.ts'
import { type Refusal, refusalOf } from '../api/request.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'

/** What holds; null until it was read. */
export const settings = signal<NetworkSettings | null>(null)
export const status = signal<NetworkStatus | null>(null)
export const trial = signal<(Omit<Trial, 'remainingMs'> & { endsMs: number }) | null>(null)
/** What stands in the form. */
export const draft = signal<NetworkSettings | null>(null)
/** The field that the box refused, and why. */
const refused = signal<{ field: string; text: string } | null>(null)

export const isChanged = computed(() => draft.value !== null && JSON.stringify(draft.value) !== JSON.stringify(settings.value))
export const faults = computed(() => (draft.value === null ? [] : networkFaults(draft.value)))

/** What is wrong with a field, for a person; null when nothing is. */
export function faultOf(field: string): string | null {
  const own = faults.value.find((one) => one.field === field)
  if (own !== undefined && isChanged.value) return texts.network.fault(own.fault)
  return refused.value?.field === field ? refused.value.text : null
}

export function edit(change: (settings: NetworkSettings) => void): void {
  if (draft.value === null) return
  const copy = structuredClone(draft.value)
  change(copy)
  refused.value = null
  draft.value = copy
}

export function discard(): void {
  refused.value = null
  draft.value = settings.value
}

export async function readNetwork(): Promise<void> {
  const { state, status: now } = await api.network()
  const untouched = !isChanged.value
  settings.value = state.settings
  status.value = now
  if (trial.value !== null && state.trial === null && trial.value.endsMs <= Date.now()) toast('bad', texts.network.trial.wentBack)
  takeTrial(state.trial)
  // what a person is typing stays
  if (untouched || draft.value === null) draft.value = state.trial?.settings ?? state.settings
}

const LOOK_EVERY_MS = 5000

/** Looks while the page shows. @returns what ends it. */
export function watchNetwork(): () => void {
  readNetwork().catch(toastRefusal)
  const timer = setInterval(() => void readNetwork().catch(() => {}), LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

/** @throws Refusal, unless a field says what it is. */
export async function tryDraft(): Promise<void> {
  if (draft.value === null) return
  try {
    takeTrial(await api.tryNetwork(draft.value))
  } catch (error) {
    const refusal = refusalOf(error)
    const field = fieldOf(refusal)
    if (field === '') throw refusal
    refused.value = { field, text: refusal.message }
  }
}

export async function keep(): Promise<void> {
  if (trial.value === null) return
  const { id, settings: kept } = trial.value
  await api.confirmNetwork(id)
  trial.value = null
  settings.value = kept
  toast('done', texts.network.trial.kept)
}

export async function goBack(): Promise<void> {
  await api.rollBackNetwork()
  trial.value = null
  toast('done', texts.network.trial.wentBack)
  draft.value = settings.value
}

function takeTrial(found: Trial | null): void {
  trial.value = found === null ? null : { id: found.id, settings: found.settings, endsMs: Date.now() + found.remainingMs }
}

function fieldOf({ code, data }: Refusal): string {
  return code === 'INPUT_INVALID' && typeof data['field'] === 'string' ? data['field'].replace(/^settings\./, '') : ''
}
