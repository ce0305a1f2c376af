import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { QrPicture } from '../parts/qr-picture.tsx'
import { useAction } from '../state/use-action.ts'
import { readAccess } from './state.ts'
import { texts } from '../texts/texts.ts'

/** Shows the key: now and never again. */
export function RecoveryDialog({ again, onClose }: { again: boolean; onClose: () => void }) {
  const made = useSignal<string | null>(null)
  const action = useAction(async () => {
    made.value = (await api.makeRecoveryKey()).key
    await readAccess().catch(() => {})
  })
  if (made.value !== null) return <Sheet recoveryKey={made.value} onClose={onClose} />
  return (
    <Dialog title={texts.box.chip.recoveryTitle} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{texts.box.chip.recoveryText}</p>
        {again && <Notice kind="warn">{texts.box.chip.recoveryAgain}</Notice>}
        {action.error.value !== null && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={action.busy.value}>
            {texts.box.chip.make}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function Sheet({ recoveryKey, onClose }: { recoveryKey: string; onClose: () => void }) {
  return (
    <Dialog title={texts.box.chip.recoveryTitle} onClose={onClose}>
      <div class="recovery-sheet">
        <p>{texts.box.chip.sheetText}</p>
        <p class="recovery-key mono" translate={false}>
          {recoveryKey.split('-').map((group, at) => (
            <span key={at}>{group}</span>
          ))}
        </p>
        <QrPicture class="recovery-code" text={recoveryKey} alt={texts.box.chip.scan} />
        <p class="faint">{texts.box.chip.sheetUse}</p>
      </div>
      <DialogButtons>
        <button type="button" class="button" onClick={() => window.print()}>
          <Icon name="print" />
          {texts.box.chip.print}
        </button>
        <button type="button" class="button primary" onClick={onClose}>
          {texts.box.chip.kept}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
