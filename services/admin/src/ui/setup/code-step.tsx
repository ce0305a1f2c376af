import type { Signal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Field } from '../parts/field.tsx'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { AuthorityHint } from '../secure/authority.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

export function CodeStep({ code, onDone }: { code: Signal<string>; onDone: () => void }) {
  const action = useAction(async () => {
    await api.checkCode(code.value)
    onDone()
  })
  return (
    <>
      <form onSubmit={action.run}>
        <h1>{texts.setup.code.title}</h1>
        <p class="lead">{texts.setup.code.text}</p>
        <div class="code-field">
          <Field
            label={texts.setup.code.label}
            hint={texts.setup.code.hint}
            value={code.value}
            onInput={(value) => (code.value = value.toUpperCase())}
            error={action.error.value}
            mono
            focus
            maxLength={16}
          />
        </div>
        <button type="submit" class="button primary wide" disabled={action.busy.value || code.value.trim() === ''}>
          {texts.setup.code.button}
        </button>
      </form>
      <AuthorityHint />
      <LanguageChoice />
    </>
  )
}
