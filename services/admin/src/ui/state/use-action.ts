import { type ReadonlySignal, useSignal } from '@preact/signals'
import { type Refusal, refusalOf } from '../api/request.ts'
import { refusalText } from '../texts/refusal-text.ts'

export interface Action {
  busy: ReadonlySignal<boolean>
  /** What went wrong the last time, for a person; null while it runs and when it went well. */
  error: ReadonlySignal<string | null>
  refusal: ReadonlySignal<Refusal | null>
  /** For a form: keeps the page where it is. Does nothing while it runs already. */
  run: (event?: Event) => void
  clear: () => void
}

export function useAction(work: () => Promise<void>): Action {
  const busy = useSignal(false)
  const error = useSignal<string | null>(null)
  const refusal = useSignal<Refusal | null>(null)
  const clear = (): void => {
    error.value = null
    refusal.value = null
  }
  const run = (event?: Event): void => {
    event?.preventDefault()
    if (busy.value) return
    busy.value = true
    clear()
    work()
      .catch((thrown: unknown) => {
        refusal.value = refusalOf(thrown)
        error.value = refusalText(refusal.value)
      })
      .finally(() => {
        busy.value = false
      })
  }
  return { busy, error, refusal, run, clear }
}
