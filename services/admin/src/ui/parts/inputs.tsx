import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface LineProps {
  label: string
  hint?: ComponentChildren
  error?: string | null
  children: (ids: { id: string; hint: string }) => ComponentChildren
}

function Line({ label, hint, error, children }: LineProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-line">{children({ id, hint: `${id}-hint` })}</div>
      <p id={`${id}-hint`} class={error ? 'field-error' : 'field-hint'} aria-live="polite">
        {error || hint}
      </p>
    </div>
  )
}

interface NumberFieldProps extends Omit<LineProps, 'children'> {
  value: number | null
  onInput: (value: number | null) => void
}

/** A whole number; null while nothing stands there. */
export function NumberField({ value, onInput, error, ...line }: NumberFieldProps) {
  return (
    <Line {...line} error={error}>
      {({ id, hint }) => (
        <input
          id={id}
          inputMode="numeric"
          value={value ?? ''}
          onInput={(event) => {
            const digits = event.currentTarget.value.replace(/\D/g, '').slice(0, 9)
            event.currentTarget.value = digits
            onInput(digits === '' ? null : Number(digits))
          }}
          autocomplete="off"
          aria-invalid={error ? true : undefined}
          aria-describedby={hint}
        />
      )}
    </Line>
  )
}

interface ChoiceProps<T extends string> extends Omit<LineProps, 'children'> {
  value: T
  texts: Readonly<Record<T, string>>
  onChoose: (value: T) => void
}

export function Choice<T extends string>({ value, texts, onChoose, error, ...line }: ChoiceProps<T>) {
  return (
    <Line {...line} error={error}>
      {({ id, hint }) => (
        <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value as T)} aria-describedby={hint}>
          {(Object.entries(texts) as [T, string][]).map(([one, text]) => (
            <option key={one} value={one} selected={one === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Line>
  )
}

interface SwitchProps {
  label: string
  /** What it is called where several have one label. */
  name?: string
  value: boolean
  onChange: (value: boolean) => void
  hint?: string
  error?: string | null
}

export function Switch({ label, name, value, onChange, hint, error }: SwitchProps) {
  const id = useId()
  return (
    <div class="switch-line">
      <label class="checkbox">
        <input
          type="checkbox"
          role="switch"
          aria-label={name}
          checked={value}
          onChange={(event) => onChange(event.currentTarget.checked)}
          aria-describedby={id}
        />
        <span>{label}</span>
      </label>
      <p id={id} class={error ? 'field-error' : 'field-hint'}>
        {error || hint}
      </p>
    </div>
  )
}
