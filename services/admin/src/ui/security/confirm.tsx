import { signal, useSignal } from '@preact/signals'
import { Refusal, refusalOf } from '../api/request.ts'
import { securityApi } from '../api/security-calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { passkeysWork, usePasskey } from './use-passkey.ts'

const asking = signal<{ done: () => void; cancel: () => void } | null>(null)

/** Does what may need the password again: asks for it when the node says so, then does it once more. @throws Refusal */
export async function confirmed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (refusalOf(error).data['confirm'] !== true) throw error
  }
  await new Promise<void>((resolve, reject) => {
    asking.value = { done: resolve, cancel: () => reject(new Refusal('CANCELLED', 'cancelled')) }
  }).finally(() => {
    asking.value = null
  })
  return work()
}

/** Stands once on a page that uses `confirmed`. */
export function Confirmer() {
  return asking.value && <ConfirmDialog {...asking.value} />
}

function ConfirmDialog({ done, cancel }: { done: () => void; cancel: () => void }) {
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
        <Field
          label={texts.security.confirm.password}
          type="password"
          autocomplete="current-password"
          value={password.value}
          onInput={(value) => (password.value = value)}
          error={action.error.value ?? byPasskey.error.value}
          focus
        />
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
