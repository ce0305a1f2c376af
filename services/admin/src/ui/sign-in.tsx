import { useSignal } from '@preact/signals'
import { api } from './api/calls.ts'
import { securityApi } from './api/security-calls.ts'
import { Field } from './parts/field.tsx'
import { Icon, Logo } from './parts/icons.tsx'
import { LanguageChoice } from './parts/language-choice.tsx'
import { HiddenUsername, PasswordField } from './parts/password-field.tsx'
import { Treeline } from './parts/treeline.tsx'
import { passkeysWork, usePasskey } from './security/use-passkey.ts'
import { hasOthers, readSession } from './state/session.ts'
import { useAction } from './state/use-action.ts'
import { texts } from './texts/texts.ts'

export function SignIn() {
  const name = useSignal('')
  const password = useSignal('')
  const action = useAction(async () => {
    if (name.value.trim() === '') await api.signIn(password.value)
    else await securityApi.signInAs(name.value.trim(), password.value)
    await readSession()
  })
  const byPasskey = useAction(async () => {
    await securityApi.signInByPasskey(await usePasskey('sign-in'))
    await readSession()
  })
  return (
    <main class="centre">
      <Treeline />
      <div class="card narrow welcome">
        <Logo size={56} />
        <h1>{texts.signIn.title}</h1>
        <p class="lead">{hasOthers.value ? texts.signIn.textForAll : texts.signIn.text}</p>
        <form onSubmit={action.run}>
          {hasOthers.value ? (
            <Field
              label={texts.signIn.name}
              hint={texts.signIn.nameHint}
              autocomplete="username"
              value={name.value}
              onInput={(value) => (name.value = value)}
            />
          ) : (
            <HiddenUsername name={texts.shell.product} />
          )}
          <PasswordField
            label={hasOthers.value ? texts.signIn.anyPassword : texts.signIn.password}
            value={password}
            error={action.error.value}
            focus
          />
          <button type="submit" class="button primary wide" disabled={action.busy.value || password.value === ''}>
            {texts.signIn.button}
          </button>
        </form>
        {passkeysWork() && (
          <button type="button" class="button wide" disabled={byPasskey.busy.value} onClick={() => byPasskey.run()}>
            <Icon name="key" />
            {texts.security.passkeys.use}
          </button>
        )}
        {byPasskey.error.value !== null && byPasskey.refusal.value?.code !== 'CANCELLED' && (
          <p class="field-error">{byPasskey.error.value}</p>
        )}
        <details class="quiet-details">
          <summary>{texts.signIn.forgotten}</summary>
          <p>{texts.signIn.forgottenText}</p>
        </details>
      </div>
      <LanguageChoice />
    </main>
  )
}
