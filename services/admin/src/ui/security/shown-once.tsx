import type { ComponentChildren } from 'preact'
import { DialogButtons } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { texts } from '../texts/texts.ts'
import { CopyField } from './copy-field.tsx'

interface ShownOnceProps {
  /** What it is called, and the secret itself. */
  label: string
  value: string
  onClose: () => void
  /** Below it. */
  children?: ComponentChildren
}

/** In a dialog: a secret that was made just now, and that nobody can show again. */
export function ShownOnce({ label, value, onClose, children }: ShownOnceProps) {
  return (
    <>
      <CopyField label={label} value={value} />
      {children}
      <Notice kind="warn">{texts.security.once}</Notice>
      <DialogButtons>
        <button type="button" class="button primary" onClick={onClose}>
          {texts.common.close}
        </button>
      </DialogButtons>
    </>
  )
}
