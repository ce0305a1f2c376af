import { useSignal } from '@preact/signals'
import { RESET_CONSENT } from '@holt/control/box/consent.ts'
import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { useAction } from '../state/use-action.ts'
import { away, restart } from './away.tsx'
import { texts } from '../texts/texts.ts'

export function PowerCard() {
  const dialog = useSignal<'restart' | 'shutdown' | 'reset' | null>(null)
  const close = (): void => void (dialog.value = null)
  return (
    <section class="card box-wide" aria-labelledby="power-title">
      <h2 id="power-title">{texts.box.power.title}</h2>
      <div class="box-buttons">
        <button type="button" class="button" onClick={() => (dialog.value = 'restart')}>
          <Icon name="history" />
          {texts.box.power.restart}
        </button>
        <button type="button" class="button" onClick={() => (dialog.value = 'shutdown')}>
          <Icon name="power" />
          {texts.box.power.shutDown}
        </button>
        <button type="button" class="button danger" onClick={() => (dialog.value = 'reset')}>
          <Icon name="warning" />
          {texts.box.power.reset}
        </button>
      </div>
      {dialog.value === 'restart' && (
        <SwitchDialog
          title={texts.box.power.restartTitle}
          text={texts.box.power.restartText}
          button={texts.box.power.restart}
          work={restart}
          onClose={close}
        />
      )}
      {dialog.value === 'shutdown' && (
        <SwitchDialog
          title={texts.box.power.shutDownTitle}
          text={texts.box.power.shutDownText}
          button={texts.box.power.shutDown}
          work={shutDown}
          onClose={close}
        />
      )}
      {dialog.value === 'reset' && <ResetDialog onClose={close} />}
    </section>
  )
}

async function shutDown(): Promise<void> {
  await api.shutDownBox()
  away.value = 'shutdown'
}

interface SwitchDialogProps {
  title: string
  text: string
  button: string
  work: () => Promise<void>
  onClose: () => void
}

function SwitchDialog({ title, text, button, work, onClose }: SwitchDialogProps) {
  const action = useAction(async () => {
    await work()
    onClose()
  })
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{text}</p>
        {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={action.busy.value} data-begin>
            {button}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function ResetDialog({ onClose }: { onClose: () => void }) {
  const typed = useSignal('')
  const password = useSignal('')
  const action = useAction(async () => {
    await api.resetBox(typed.value, password.value)
    away.value = 'reset'
    onClose()
  })
  return (
    <Dialog title={texts.box.power.resetTitle} onClose={onClose}>
      <form onSubmit={action.run}>
        <ul class="box-losses">
          {texts.box.power.resetGone.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <p class="faint">{texts.box.power.resetStays}</p>
        <Field
          label={texts.box.power.type(RESET_CONSENT)}
          value={typed.value}
          onInput={(value) => (typed.value = value)}
          maxLength={64}
          mono
          focus
        />
        <PasswordField label={texts.box.power.password} value={password} error={action.error.value} />
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button
            type="submit"
            class="button danger solid"
            disabled={action.busy.value || typed.value !== RESET_CONSENT || password.value === ''}
          >
            {texts.box.power.resetButton}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
