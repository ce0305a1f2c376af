import { useSignal } from '@preact/signals'
import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { FolderChooser } from '../parts/folder-chooser.tsx'
import { Notice } from '../parts/notice.tsx'
import { isAtOrUnder, joinPath, nameOf, parentOf } from '../paths.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { folderPath, refresh, selectAll } from './folder.ts'

/** Chooses a folder by walking to it; those that are being moved cannot be entered. */
export function MoveDialog({ paths, onClose }: { paths: string[]; onClose: () => void }) {
  const into = useSignal(folderPath.value)
  const action = useAction(async () => {
    for (const path of paths) await api.move(path, joinPath(into.value, nameOf(path)))
    toast('done', texts.files.moved(paths.length))
    selectAll(false)
    refresh()
    onClose()
  })
  const same = paths.every((path) => parentOf(path) === into.value)
  return (
    <Dialog title={texts.files.moveTitle(paths.length, nameOf(paths[0] ?? ''))} onClose={onClose}>
      <form onSubmit={action.run}>
        <FolderChooser folder={into} mayEnter={(path) => !paths.some((one) => isAtOrUnder(path, one))} />
        {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={same || action.busy.value}>
            {texts.files.moveHere}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
