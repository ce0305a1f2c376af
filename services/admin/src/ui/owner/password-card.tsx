import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { PasswordField } from '../parts/password-field.tsx'
import { NewPassword } from '../setup/new-password.tsx'
import { person } from '../state/session.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'

/** The own password, of whoever is signed in. */
export function PasswordCard() {
  const old = useSignal('')
  const next = useSignal('')
  const fits = useSignal(false)
  const round = useSignal(0)
  const action = useAction(async () => {
    await api.changePassword(old.value, next.value)
    toast('done', texts.owner.passwordChanged)
    old.value = ''
    next.value = ''
    round.value++
  })
  return (
    <form class="card" onSubmit={action.run}>
      <h2>{person.value?.role === 'owner' ? texts.owner.password : texts.owner.ownPassword}</h2>
      <p class="lead">{texts.owner.passwordText}</p>
      <PasswordField label={texts.owner.passwordOld} value={old} error={action.error.value} />
      <NewPassword
        key={round.value}
        label={texts.owner.passwordNew}
        hint={texts.setup.password.hint}
        repeatLabel={texts.owner.passwordRepeat}
        value={next}
        fits={fits}
      />
      <button type="submit" class="button primary" disabled={action.busy.value || !fits.value || old.value === ''}>
        {texts.owner.passwordButton}
      </button>
    </form>
  )
}
