import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import type { Action } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

interface WishFormProps {
  label: string
  name: Signal<string>
  button: string
  action: Action
  /** Something else is missing besides the name. */
  incomplete?: boolean
  onClose: () => void
  children: ComponentChildren
}

/** In a dialog: makes something that needs a name. */
export function WishForm({ label, name, button, action, incomplete = false, onClose, children }: WishFormProps) {
  return (
    <form onSubmit={action.run}>
      <Field label={label} value={name.value} onInput={(value) => (name.value = value)} error={action.error.value} maxLength={64} focus />
      {children}
      <DialogButtons>
        <button type="button" class="button" onClick={onClose}>
          {texts.common.cancel}
        </button>
        <button type="submit" class="button primary" disabled={action.busy.value || name.value.trim() === '' || incomplete}>
          {button}
        </button>
      </DialogButtons>
    </form>
  )
}
