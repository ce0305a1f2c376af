import { signal } from '@preact/signals'
import { ShareDialog } from '../share/share-dialog.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { MoveDialog } from './move-dialog.tsx'
import { NewFolderDialog, RenameDialog } from './name-dialogs.tsx'
import { CompareDialog } from './past/compare-dialog.tsx'
import { DetailsDialog } from './past/details-dialog.tsx'
import { LookBackDialog } from './past/look-back-dialog.tsx'
import { VersionsDialog } from './versions-dialog.tsx'

type FileDialog =
  | { kind: 'new-folder'; folder: string }
  | { kind: 'rename'; path: string }
  | { kind: 'move'; paths: string[] }
  | { kind: 'versions'; path: string }
  | { kind: 'share'; path: string }
  | { kind: 'details'; path: string }
  | { kind: 'compare'; path: string; from: number }
  | { kind: 'look-back'; folder: string }
  | { kind: 'keys' }

const open = signal<FileDialog | null>(null)

export function openFileDialog(dialog: FileDialog): void {
  open.value = dialog
}

/** At most one of them shows. */
export function FileDialogs() {
  const dialog = open.value
  const onClose = (): void => {
    open.value = null
  }
  if (dialog === null) return null
  switch (dialog.kind) {
    case 'new-folder':
      return <NewFolderDialog folder={dialog.folder} onClose={onClose} />
    case 'rename':
      return <RenameDialog path={dialog.path} onClose={onClose} />
    case 'move':
      return <MoveDialog paths={dialog.paths} onClose={onClose} />
    case 'versions':
      return <VersionsDialog path={dialog.path} onClose={onClose} />
    case 'details':
      return <DetailsDialog path={dialog.path} onClose={onClose} />
    case 'compare':
      return <CompareDialog path={dialog.path} from={dialog.from} onClose={onClose} />
    case 'look-back':
      return <LookBackDialog folder={dialog.folder} onClose={onClose} />
    case 'keys':
      return <KeysDialog onClose={onClose} />
    case 'share':
      return <ShareDialog path={dialog.path} onClose={onClose} />
  }
}
