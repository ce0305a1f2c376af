import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { refusalOf } from '../api/request.ts'
import { HiddenUsername } from '../parts/password-field.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { NewPassword } from './new-password.tsx'

export function PasswordStep({ code, onDone, onCodeWrong }: { code: string; onDone: () => void; onCodeWrong: () => void }) {
  const password = useSignal('')
  const fits = useSignal(false)
  const action = useAction(async () => {
    try {
      await api.setFirstPassword(code, password.value)
      onDone()
    } catch (error) {
      if (refusalOf(error).code !== 'SETUP_CODE_WRONG') throw error
      onCodeWrong()
    }
  })
  return (
    <form onSubmit={action.run}>
      <h1>{texts.setup.password.title}</h1>
      <p class="lead">{texts.setup.password.text}</p>
      <HiddenUsername name={texts.shell.product} />
      <NewPassword
        label={texts.setup.password.label}
        hint={texts.setup.password.hint}
        repeatLabel={texts.setup.password.repeat}
        value={password}
        fits={fits}
        error={action.error.value}
        focus
      />
      <button type="submit" class="button primary wide" disabled={action.busy.value || !fits.value}>
        {texts.setup.password.button}
      </button>
    </form>
  )
}
