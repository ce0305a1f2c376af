import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { saveFile } from '../save-file.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { NewPassword } from './new-password.tsx'

export function BackupStep({ onDone }: { onDone: () => void }) {
  const passphrase = useSignal('')
  const fits = useSignal(false)
  const saved = useSignal(false)
  const action = useAction(async () => {
    saveFile(await api.backUpKey(passphrase.value), 'holt-root-key.age')
    saved.value = true
  })
  return (
    <form onSubmit={action.run}>
      <h1>{texts.setup.backup.title}</h1>
      <p class="lead" title={texts.setup.backup.term}>
        {texts.setup.backup.text}
      </p>
      {saved.value ? (
        <Notice kind="good">{texts.setup.backup.saved}</Notice>
      ) : (
        <NewPassword
          label={texts.setup.backup.label}
          hint={texts.setup.backup.hint}
          repeatLabel={texts.setup.backup.repeat}
          value={passphrase}
          fits={fits}
          error={action.error.value}
          focus
        />
      )}
      <div class="buttons">
        <button type="submit" class={saved.value ? 'button' : 'button primary grow'} disabled={action.busy.value || !fits.value}>
          <Icon name="download" />
          {saved.value ? texts.setup.backup.again : texts.setup.backup.button}
        </button>
        {saved.value && (
          <button type="button" class="button primary grow" onClick={onDone}>
            {texts.common.next}
          </button>
        )}
      </div>
      {!saved.value && (
        <button type="button" class="button link" onClick={onDone}>
          {texts.setup.backup.skip}
        </button>
      )}
    </form>
  )
}
