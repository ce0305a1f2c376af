import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { texts } from '../texts/texts.ts'

/** Something long that is shown once, to copy. Without HTTPS a browser has no clipboard for pages: then it is selected. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId()
  const copied = useSignal(false)
  const copy = async (): Promise<void> => {
    const input = document.getElementById(id) as HTMLInputElement
    input.select()
    await navigator.clipboard?.writeText(value)
    copied.value = navigator.clipboard !== undefined
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-line guard-copy">
        <input id={id} class="mono" value={value} readOnly data-begin onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button" onClick={() => void copy().catch(() => {})}>
          {texts.security.copy}
        </button>
      </div>
      <p class="field-hint" aria-live="polite">
        {copied.value && texts.security.copied}
      </p>
    </div>
  )
}
