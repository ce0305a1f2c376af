import { api, type DriveInfo } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Notice } from '../parts/notice.tsx'
import { FolderAdder } from '../setup/folder-adder.tsx'
import { hrefOf } from '../state/location.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { driveName } from './drive-name.ts'
import { readStorage, startJob, status, suggestions } from './state.ts'

export function AddDriveDialog({ onClose }: { onClose: () => void }) {
  const add = async (folder: string): Promise<void> => {
    await api.addDrive(folder)
    toast('done', texts.storage.added(driveName(folder)))
    onClose()
    await readStorage()
  }
  return (
    <Dialog title={texts.storage.addTitle} onClose={onClose}>
      <p>{texts.storage.addText}</p>
      {status.value?.box === true && (
        <p class="faint">
          {texts.storage.addBox} <a href={hrefOf({ page: 'box' })}>{texts.storage.toBox}</a>
        </p>
      )}
      <FolderAdder suggestions={suggestions.value} onAdd={add} focus />
    </Dialog>
  )
}

/** A drive that answers is emptied first; one that is gone can only be forgotten. */
export function RemoveDriveDialog({ drive, onClose }: { drive: DriveInfo; onClose: () => void }) {
  const gone = drive.state === 'missing'
  const name = driveName(drive.folder)
  const action = useAction(async () => {
    await startJob({ kind: 'remove-drive', drive: drive.id, force: gone })
    onClose()
  })
  return (
    <Dialog title={gone ? texts.storage.forgetTitle(name) : texts.storage.removeTitle(name)} onClose={onClose}>
      <form onSubmit={action.run}>
        <p>{gone ? texts.storage.forgetText : texts.storage.removeText}</p>
        <p class="faint mono">{drive.folder}</p>
        {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button danger solid" disabled={action.busy.value}>
            {gone ? texts.storage.forgetButton : texts.storage.removeButton}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
