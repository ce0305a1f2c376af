import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { saveFile } from '../save-file.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts.ts'
import { NewPassword } from './new-password.tsx'

const words = texts.setup.backup

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
      <h1>{words.title}</h1>
      <p class="lead" title={words.term}>
        {words.text}
      </p>
      {saved.value ? (
        <Notice kind="good">{words.saved}</Notice>
      ) : (
        <NewPassword
          label={words.label}
          hint={words.hint}
          repeatLabel={words.repeat}
          value={passphrase}
          fits={fits}
          error={action.error.value}
          focus
        />
      )}
      <div class="buttons">
        <button type="submit" class={saved.value ? 'button' : 'button primary grow'} disabled={action.busy.value || !fits.value}>
          <Icon name="download" />
          {saved.value ? words.again : words.button}
        </button>
        {saved.value && (
          <button type="button" class="button primary grow" onClick={onDone}>
            {texts.common.next}
          </button>
        )}
      </div>
      {!saved.value && (
        <button type="button" class="button link" onClick={onDone}>
          {words.skip}
        </button>
      )}
    </form>
  )
}
