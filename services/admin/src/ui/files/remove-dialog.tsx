import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { nameOf } from '../paths.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { refresh, selectAll } from './folder.ts'

export function RemoveDialog({ paths, onClose }: { paths: string[]; onClose: () => void }) {
  const action = useAction(async () => {
    // As many as one call takes; each is one commit.
    for (let i = 0; i < paths.length; i += 1000) await api.remove(paths.slice(i, i + 1000))
    selectAll(false)
    refresh()
    toast('done', texts.files.removed(paths.length))
    onClose()
  })
  return (
    <Dialog title={texts.files.removeTitle(paths.length, nameOf(paths[0] ?? ''))} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{texts.files.removeText}</p>
        {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button danger solid" disabled={action.busy.value} data-begin>
            {texts.files.remove}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
