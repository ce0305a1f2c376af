import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { renderSVG } from 'uqr'
import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts.ts'
import { readAccess } from './state.ts'
import { words as all } from './texts.ts'

const words = all.chip

/** Asks for the password, then shows the key: now and never again. */
export function RecoveryDialog({ again, onClose }: { again: boolean; onClose: () => void }) {
  const password = useSignal('')
  const made = useSignal<string | null>(null)
  const action = useAction(async () => {
    made.value = (await api.makeRecoveryKey(password.value)).key
    await readAccess().catch(() => {})
  })
  if (made.value !== null) return <Sheet recoveryKey={made.value} onClose={onClose} />
  return (
    <Dialog title={words.recoveryTitle} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{words.recoveryText}</p>
        {again && <Notice kind="warn">{words.recoveryAgain}</Notice>}
        <Field
          label={words.password}
          type="password"
          autocomplete="current-password"
          value={password.value}
          onInput={(value) => (password.value = value)}
          error={action.error.value}
          focus
        />
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={action.busy.value || password.value === ''}>
            {words.make}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function Sheet({ recoveryKey, onClose }: { recoveryKey: string; onClose: () => void }) {
  const picture = useMemo(
    () => URL.createObjectURL(new Blob([renderSVG(recoveryKey, { border: 3 })], { type: 'image/svg+xml' })),
    [recoveryKey],
  )
  useEffect(() => () => URL.revokeObjectURL(picture), [picture])
  return (
    <Dialog title={words.recoveryTitle} onClose={onClose}>
      <div class="recovery-sheet">
        <p>{words.sheetText}</p>
        <p class="recovery-key mono" translate={false}>
          {recoveryKey.split('-').map((group, at) => (
            <span key={at}>{group}</span>
          ))}
        </p>
        <img class="recovery-code" src={picture} alt={words.scan} />
        <p class="faint">{words.sheetUse}</p>
      </div>
      <DialogButtons>
        <button type="button" class="button" onClick={() => window.print()}>
          <Icon name="print" />
          {words.print}
        </button>
        <button type="button" class="button primary" onClick={onClose}>
          {words.kept}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
