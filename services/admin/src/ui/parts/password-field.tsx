import type { Signal } from '@preact/signals'
import { Field } from './field.tsx'

interface PasswordFieldProps {
  label: string
  value: Signal<string>
  error?: string | null
  focus?: boolean
}

/** A password that somebody has; a new one is typed into `NewPassword`. */
export function PasswordField({ label, value, error, focus }: PasswordFieldProps) {
  return (
    <Field
      label={label}
      type="password"
      autocomplete="current-password"
      value={value.value}
      onInput={(typed) => (value.value = typed)}
      error={error}
      focus={focus}
    />
  )
}

/** Tells password managers whose password this is, where no name is typed. */
export function HiddenUsername({ name }: { name: string }) {
  return <input type="text" class="hidden" name="username" value={name} autocomplete="username" readOnly tabIndex={-1} aria-hidden="true" />
}
