import type { Signal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { AuthorityHint } from '../secure/authority.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts.ts'

const words = texts.setup.code

export function CodeStep({ code, onDone }: { code: Signal<string>; onDone: () => void }) {
  const action = useAction(async () => {
    await api.checkCode(code.value)
    onDone()
  })
  return (
    <>
      <form onSubmit={action.run}>
        <h1>{words.title}</h1>
        <p class="lead">{words.text}</p>
        <div class="code-field">
          <Field
            label={words.label}
            hint={words.hint}
            value={code.value}
            onInput={(value) => (code.value = value.toUpperCase())}
            error={action.error.value}
            mono
            focus
            maxLength={16}
          />
        </div>
        <button type="submit" class="button primary wide" disabled={action.busy.value || code.value.trim() === ''}>
          {words.button}
        </button>
      </form>
      <AuthorityHint />
    </>
  )
}
