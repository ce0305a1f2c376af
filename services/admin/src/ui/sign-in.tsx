import { useSignal } from '@preact/signals'
import { api } from './api/calls.ts'
import { Field } from './parts/field.tsx'
import { Logo } from './parts/icons.tsx'
import { LanguageChoice } from './parts/language-choice.tsx'
import { Treeline } from './parts/treeline.tsx'
import { readSession } from './state/session.ts'
import { useAction } from './state/use-action.ts'
import { texts } from './texts/texts.ts'

export function SignIn() {
  const password = useSignal('')
  const action = useAction(async () => {
    await api.signIn(password.value)
    await readSession()
  })
  return (
    <main class="centre">
      <Treeline />
      <div class="card narrow welcome">
        <Logo size={56} />
        <h1>{texts.signIn.title}</h1>
        <p class="lead">{texts.signIn.text}</p>
        <form onSubmit={action.run}>
          <input
            type="text"
            class="hidden"
            name="username"
            value={texts.shell.product}
            autocomplete="username"
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <Field
            label={texts.signIn.password}
            type="password"
            autocomplete="current-password"
            value={password.value}
            onInput={(value) => (password.value = value)}
            error={action.error.value}
            focus
          />
          <button type="submit" class="button primary wide" disabled={action.busy.value || password.value === ''}>
            {texts.signIn.button}
          </button>
        </form>
        <details class="quiet-details">
          <summary>{texts.signIn.forgotten}</summary>
          <p>{texts.signIn.forgottenText}</p>
        </details>
      </div>
      <LanguageChoice />
    </main>
  )
}
