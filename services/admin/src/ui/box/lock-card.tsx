import { useSignal } from '@preact/signals'
import type { TpmStatus } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Part } from './part.tsx'
import { RecoveryDialog } from './recovery-dialog.tsx'
import { access } from './state.ts'
import { texts } from '../texts/texts.ts'

/** What opens the drive of the box, and the key for when that does not. */
export function LockCard() {
  const making = useSignal(false)
  return (
    <Part title={texts.box.chip.title} from="access" shown={access.value}>
      {({ tpm }) => (
        <>
          <p class="lead">{tpm === null ? texts.box.chip.unknown : lockText(tpm)}</p>
          {tpm !== null && !tpm.dataKeySealed && (
            <p class="faint">{tpm.present ? texts.box.chip.present(tpm.version) : texts.box.chip.absent}</p>
          )}
          {tpm?.dataKeySealed && <Recovery has={tpm.recoveryKey} onMake={() => (making.value = true)} />}
          {making.value && <RecoveryDialog again={tpm?.recoveryKey === true} onClose={() => (making.value = false)} />}
        </>
      )}
    </Part>
  )
}

function lockText({ present, version, maker, dataKeySealed }: TpmStatus): string {
  if (!dataKeySealed) return texts.box.chip.file
  return texts.box.chip.sealed(present ? texts.box.chip.chip(version, maker) : texts.box.chip.otherChip)
}

function Recovery({ has, onMake }: { has: boolean; onMake: () => void }) {
  return (
    <>
      {has ? <p class="box-gap">{texts.box.chip.hasRecovery}</p> : <Notice kind="warn">{texts.box.chip.noRecovery}</Notice>}
      <div class="box-buttons">
        <button type="button" class="button" onClick={onMake}>
          <Icon name="key" />
          {has ? texts.box.chip.makeAgain : texts.box.chip.make}
        </button>
      </div>
    </>
  )
}
