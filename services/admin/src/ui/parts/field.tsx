import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { Icon } from './icons.tsx'

interface FieldProps {
  label: string
  value: string
  onInput: (value: string) => void
  hint?: ComponentChildren
  error?: string | null
  type?: 'text' | 'password'
  autocomplete?: 'off' | 'username' | 'current-password' | 'new-password'
  placeholder?: string
  focus?: boolean
  selectStem?: boolean
  mono?: boolean
  maxLength?: number
}

/** A labelled line of text with its hint and its fault. */
export function Field({
  label,
  value,
  onInput,
  hint,
  error,
  type = 'text',
  autocomplete = 'off',
  placeholder,
  focus,
  selectStem,
  mono,
  maxLength,
}: FieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const shown = useSignal(false)
  useEffect(() => {
    if (!focus) return
    input.current?.focus()
    if (selectStem) input.current?.setSelectionRange(0, stemLength(value))
  }, [])
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-line">
        <input
          ref={input}
          id={id}
          class={mono ? 'mono' : ''}
          data-begin={focus || undefined}
          // The types of the element know either kind, but not one that changes.
          type={(type === 'password' && !shown.value ? 'password' : 'text') as 'text'}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
          autocomplete={autocomplete}
          autocapitalize="off"
          autocorrect="off"
          spellcheck={false}
          placeholder={placeholder}
          maxLength={maxLength}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-hint`}
        />
        {type === 'password' && (
          <button
            type="button"
            class="button icon-only quiet"
            aria-label={shown.value ? texts.common.hidePassword : texts.common.showPassword}
            onClick={() => (shown.value = !shown.value)}
          >
            <Icon name={shown.value ? 'eyeOff' : 'eye'} />
          </button>
        )}
      </div>
      <p id={`${id}-hint`} class={error ? 'field-error' : 'field-hint'} aria-live="polite">
        {error || hint}
      </p>
    </div>
  )
}

function stemLength(name: string): number {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? dot : name.length
}
