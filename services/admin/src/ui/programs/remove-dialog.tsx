import { type InstalledInfo, programApi } from '../api/program-calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { readPrograms } from './state.ts'

interface RemoveDialogProps {
  program: InstalledInfo
  onClose: () => void
  onRemoved: () => void
}

export function RemoveDialog({ program: { id, title }, onClose, onRemoved }: RemoveDialogProps) {
  const remove = useAction(async () => {
    await programApi.remove(id)
    toast('done', texts.programs.removed(title))
    onClose()
    onRemoved()
    await readPrograms()
  })
  return (
    <Dialog title={texts.programs.removeTitle(title)} onClose={onClose}>
      <p>{texts.programs.removeText}</p>
      {remove.error.value !== null && <Notice kind="bad">{remove.error.value}</Notice>}
      <DialogButtons>
        <button type="button" class="button" data-begin onClick={onClose}>
          {texts.programs.keep}
        </button>
        <button type="button" class="button danger solid" disabled={remove.busy.value} onClick={() => remove.run()}>
          {texts.programs.removeNow}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
