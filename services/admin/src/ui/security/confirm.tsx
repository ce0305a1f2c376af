import { signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { onConfirm, Refusal } from '../api/request.ts'
import { securityApi } from '../api/security-calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { passkeysWork, usePasskey } from './use-passkey.ts'

interface Question {
  answered: Promise<void>
  done: () => void
  cancel: () => void
}
const asking = signal<Question | null>(null)

/** Calls that want it at the same time share one question. @throws Refusal CANCELLED. */
function askForPassword(): Promise<void> {
  if (asking.value !== null) return asking.value.answered
  let [done, cancel] = [() => {}, () => {}]
  const answered = new Promise<void>((resolve, reject) => {
    done = resolve
    cancel = () => reject(new Refusal('CANCELLED', 'cancelled'))
  }).finally(() => {
    asking.value = null
  })
  asking.value = { answered, done, cancel }
  return answered
}

/** Stands once around all pages of somebody signed in: any call may need the password again. */
export function Confirmer() {
  useEffect(() => {
    onConfirm(askForPassword)
    return () => {
      onConfirm(null)
      asking.value?.cancel()
    }
  }, [])
  return asking.value && <ConfirmDialog {...asking.value} />
}

function ConfirmDialog({ done, cancel }: Question) {
  const password = useSignal('')
  const action = useAction(async () => {
    await securityApi.confirm(password.value)
    done()
  })
  const byPasskey = useAction(async () => {
    await securityApi.confirmByPasskey(await usePasskey('confirm'))
    done()
  })
  return (
    <Dialog title={texts.security.confirm.title} onClose={cancel}>
      <form onSubmit={action.run}>
        <p class="lead">{texts.security.confirm.text}</p>
        <PasswordField label={texts.security.confirm.password} value={password} error={action.error.value ?? byPasskey.error.value} focus />
        <DialogButtons>
          {passkeysWork() && (
            <button type="button" class="button" disabled={byPasskey.busy.value} onClick={() => byPasskey.run()}>
              <Icon name="key" />
              {texts.security.passkeys.use}
            </button>
          )}
          <button type="submit" class="button primary" disabled={action.busy.value || password.value === ''}>
            {texts.security.confirm.button}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
