import { signal } from '@preact/signals'
import { refusalOf } from '../api/request.ts'
import { refusalText } from '../texts/refusal-text.ts'

export interface Toast {
  id: number
  kind: 'done' | 'bad'
  text: string
  /** What can be done about it, while it shows. */
  action?: { text: string; run: () => void }
}

export const toasts = signal<readonly Toast[]>([])

const SHOWN_MS = 5000
let last = 0

export function toast(kind: Toast['kind'], text: string, action?: Toast['action']): void {
  const id = ++last
  toasts.value = [...toasts.value.slice(-2), { id, kind, text, ...(action === undefined ? {} : { action }) }]
  setTimeout(() => dismissToast(id), kind === 'bad' || action !== undefined ? 2 * SHOWN_MS : SHOWN_MS)
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id)
}

/** Says what went wrong; what the person cancelled did not go wrong. */
export function toastRefusal(error: unknown): void {
  const refusal = refusalOf(error)
  if (refusal.code !== 'CANCELLED' && refusal.code !== 'NOT_SIGNED_IN') toast('bad', refusalText(refusal))
}
