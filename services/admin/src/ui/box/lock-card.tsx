import { useSignal } from '@preact/signals'
import type { TpmStatus } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Part } from './part.tsx'
import { RecoveryDialog } from './recovery-dialog.tsx'
import { access } from './state.ts'
import { words as all } from './texts.ts'

const words = all.chip

/** What opens the drive of the box, and the key for when that does not. */
export function LockCard() {
  const making = useSignal(false)
  return (
    <Part title={words.title} from="access" shown={access.value}>
      {({ tpm }) => (
        <>
          <p class="lead">{tpm === null ? words.unknown : lockText(tpm)}</p>
          {tpm !== null && !tpm.dataKeySealed && <p class="faint">{tpm.present ? words.present(tpm.version) : words.absent}</p>}
          {tpm?.dataKeySealed && <Recovery has={tpm.recoveryKey} onMake={() => (making.value = true)} />}
          {making.value && <RecoveryDialog again={tpm?.recoveryKey === true} onClose={() => (making.value = false)} />}
        </>
      )}
    </Part>
  )
}

function lockText({ present, version, maker, dataKeySealed }: TpmStatus): string {
  if (!dataKeySealed) return words.file
  return words.sealed(present ? words.chip(version, maker) : words.otherChip)
}

function Recovery({ has, onMake }: { has: boolean; onMake: () => void }) {
  return (
    <>
      {has ? <p class="box-gap">{words.hasRecovery}</p> : <Notice kind="warn">{words.noRecovery}</Notice>}
      <div class="box-buttons">
        <button type="button" class="button" onClick={onMake}>
          <Icon name="key" />
          {has ? words.makeAgain : words.make}
        </button>
      </div>
    </>
  )
}
