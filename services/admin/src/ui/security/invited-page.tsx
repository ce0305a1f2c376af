import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { refusalOf } from '../api/request.ts'
import { securityApi } from '../api/security-calls.ts'
import { Logo } from '../parts/icons.tsx'
import { LanguageChoice } from '../parts/language-choice.tsx'
import { Notice } from '../parts/notice.tsx'
import { HiddenUsername } from '../parts/password-field.tsx'
import { Treeline } from '../parts/treeline.tsx'
import { NewPassword } from '../setup/new-password.tsx'
import { go } from '../state/location.ts'
import { readSession } from '../state/session.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

/** Where the link of an invitation leads: a password, and one is in. */
export function InvitedPage({ code }: { code: string }) {
  const name = useSignal<string | null>(null)
  const isOver = useSignal(false)
  const password = useSignal('')
  const fits = useSignal(false)
  useEffect(() => {
    securityApi.lookAtInvitation(code).then(
      (invitation) => (name.value = invitation.name),
      (error: unknown) => (isOver.value = refusalOf(error).code !== 'OFFLINE'),
    )
  }, [code])
  const action = useAction(async () => {
    await securityApi.accept(code, password.value)
    go({ page: 'files', path: '/' })
    await readSession()
  })
  return (
    <main class="centre">
      <Treeline />
      <div class="card narrow welcome">
        <Logo size={56} />
        <h1>{name.value === null ? texts.security.invited.title : texts.security.invited.hello(name.value)}</h1>
        {isOver.value && <Notice kind="bad">{texts.security.invited.over}</Notice>}
        {name.value !== null && (
          <form onSubmit={action.run}>
            <p class="lead">{texts.security.invited.text}</p>
            <HiddenUsername name={name.value} />
            <NewPassword
              label={texts.security.invited.password}
              hint={texts.setup.password.hint}
              repeatLabel={texts.owner.passwordRepeat}
              value={password}
              fits={fits}
            />
            {action.error.value !== null && <p class="field-error">{action.error.value}</p>}
            <button type="submit" class="button primary wide" disabled={action.busy.value || !fits.value}>
              {texts.security.invited.button}
            </button>
          </form>
        )}
      </div>
      <LanguageChoice />
    </main>
  )
}
