import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { readOutlook, readPeers } from './state.ts'

const LONGEST = 64

/** Where somebody's nodes are, or this one (`of` null), as the owner calls it. */
export function PlaceField({ label, of, place }: { label: string; of: string | null; place: string | null }) {
  const id = useId()
  const words = texts.peers.place
  /** null: as the node has it. */
  const typed = useSignal<string | null>(null)
  const value = typed.value ?? place ?? ''
  const keep = useAction(async () => {
    await api.declarePlace(of, value.trim() === '' ? null : value.trim())
    toast('done', words.kept)
    await Promise.all([readPeers(), readOutlook()])
    typed.value = null
  })
  return (
    <form class="peer-place field" onSubmit={keep.run}>
      <label for={id}>{label}</label>
      <span class="peer-place-line">
        <input
          id={id}
          value={value}
          maxLength={LONGEST}
          placeholder={words.usual}
          autocomplete="off"
          aria-describedby={`${id}-hint`}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
        {typed.value !== null && typed.value.trim() !== (place ?? '') && (
          <button type="submit" class="button" disabled={keep.busy.value}>
            {words.keep}
          </button>
        )}
      </span>
      <p id={`${id}-hint`} class={keep.error.value ? 'field-error' : 'field-hint'} aria-live="polite">
        {keep.error.value || words.hint}
      </p>
    </form>
  )
}
