import { type Signal, useSignal } from '@preact/signals'
import { Field } from '../parts/field.tsx'
import { texts } from '../texts/texts.ts'
import { passwordStrength } from './password-strength.ts'

interface NewPasswordProps {
  label: string
  hint: string
  repeatLabel: string
  value: Signal<string>
  /** Set while both are the same and long enough. */
  fits: Signal<boolean>
  error?: string | null
  focus?: boolean
}

/** A new password or passphrase, typed twice, with a rough measure of its strength. */
export function NewPassword({ label, hint, repeatLabel, value, fits, error, focus }: NewPasswordProps) {
  const repeated = useSignal('')
  const take = (first: string, second: string): void => {
    value.value = first
    repeated.value = second
    fits.value = first === second && passwordStrength(first) > 0
  }
  const differs = repeated.value !== '' && !value.value.startsWith(repeated.value)
  return (
    <>
      <Field
        label={label}
        hint={hint}
        type="password"
        autocomplete="new-password"
        value={value.value}
        onInput={(typed) => take(typed, repeated.value)}
        error={error}
        focus={focus}
      />
      <Strength password={value.value} />
      <Field
        label={repeatLabel}
        type="password"
        autocomplete="new-password"
        value={repeated.value}
        onInput={(typed) => take(value.value, typed)}
        error={differs ? texts.setup.password.differ : null}
      />
    </>
  )
}

function Strength({ password }: { password: string }) {
  const strength = password === '' ? null : passwordStrength(password)
  return (
    <div class={`strength s${strength ?? 0}`}>
      <div class="strength-bars" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} class={strength !== null && strength >= bar ? 'on' : ''} />
        ))}
      </div>
      <span class="strength-text" aria-live="polite">
        {strength === null ? '' : `${texts.setup.password.strengthLabel}: ${texts.setup.password.strength[strength]}`}
      </span>
    </div>
  )
}
