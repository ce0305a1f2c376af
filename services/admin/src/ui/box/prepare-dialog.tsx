import { useSignal } from '@preact/signals'
import { api, type DiskInfo } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { begin } from './state.ts'
import { texts } from '../texts/texts.ts'

/** What goes is said, and the words that name the drive have to be typed. */
export function PrepareDialog({ disk, onClose }: { disk: DiskInfo; onClose: () => void }) {
  const typed = useSignal('')
  const action = useAction(async () => {
    await begin(api.prepareDisk(disk.device, typed.value))
    onClose()
  })
  return (
    <Dialog title={texts.box.disks.prepareTitle(disk.name)} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{texts.box.disks.prepareText(disk.sizeBytes)}</p>
        {disk.contents.length > 0 && (
          <Notice kind="warn">
            {texts.box.disks.prepareHolds} {contentsText(disk)}
          </Notice>
        )}
        <Field
          label={texts.box.disks.type(disk.consent)}
          value={typed.value}
          onInput={(value) => (typed.value = value)}
          error={action.error.value}
          maxLength={128}
          mono
          focus
        />
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button danger solid" disabled={action.busy.value || typed.value !== disk.consent}>
            {texts.box.disks.prepare}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

export function contentsText({ contents }: DiskInfo): string {
  return (
    contents.map(({ label, type, sizeBytes }) => texts.box.disks.part(label, type, sizeBytes)).join(', ') || texts.box.disks.roles.foreign
  )
}
