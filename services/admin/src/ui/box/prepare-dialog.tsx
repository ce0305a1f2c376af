import { useSignal } from '@preact/signals'
import { api, type DiskInfo } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts.ts'
import { begin } from './state.ts'
import { words as all } from './texts.ts'

const words = all.disks

/** What goes is said, and the words that name the drive have to be typed. */
export function PrepareDialog({ disk, onClose }: { disk: DiskInfo; onClose: () => void }) {
  const typed = useSignal('')
  const action = useAction(async () => {
    await begin(api.prepareDisk(disk.device, typed.value))
    onClose()
  })
  return (
    <Dialog title={words.prepareTitle(disk.name)} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{words.prepareText(disk.sizeBytes)}</p>
        {disk.contents.length > 0 && (
          <Notice kind="warn">
            {words.prepareHolds} {contentsText(disk)}
          </Notice>
        )}
        <Field
          label={words.type(disk.consent)}
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
            {words.prepare}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

export function contentsText({ contents }: DiskInfo): string {
  return contents.map(({ label, type, sizeBytes }) => words.part(label, type, sizeBytes)).join(', ') || words.roles.foreign
}
