import { contentUrl, type Entry } from '../api/calls.ts'
import type { MenuItem } from '../parts/menu.tsx'
import { joinPath } from '../paths.ts'
import { download } from '../save-file.ts'
import { go } from '../state/location.ts'
import { isOwner } from '../state/session.ts'
import { texts } from '../texts/texts.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { folderPath, isFolder } from './folder.ts'
import { remove } from './removal.ts'
import { downloadZip } from './zip.ts'

export type Open = (entry: Entry) => void

/** What can be done with one entry of the folder that shows. */
export function actionsFor(entry: Entry, onOpen: Open): MenuItem[] {
  const path = joinPath(folderPath.value, entry.name)
  const items: MenuItem[] = [
    {
      text: texts.files.open,
      icon: isFolder(entry) ? 'folder' : 'eye',
      onSelect: () => (isFolder(entry) ? go({ page: 'files', path }) : onOpen(entry)),
    },
  ]
  if (isFolder(entry)) items.push({ text: texts.files.downloadZip, icon: 'download', onSelect: () => downloadZip([path]) })
  if (entry.type === 'file') {
    items.push({ text: texts.files.download, icon: 'download', onSelect: () => download(contentUrl(path), entry.name) })
    items.push({ text: texts.files.versions, icon: 'history', onSelect: () => openFileDialog({ kind: 'versions', path }) })
  }
  if (isOwner.value && (entry.type === 'file' || entry.type === 'directory'))
    items.push({ text: texts.share.action, icon: 'link', onSelect: () => openFileDialog({ kind: 'share', path }) })
  items.push({ text: texts.files.rename, icon: 'edit', onSelect: () => openFileDialog({ kind: 'rename', path }) })
  items.push({ text: texts.files.move, icon: 'move', onSelect: () => openFileDialog({ kind: 'move', paths: [path] }) })
  items.push({ text: texts.past.details, icon: 'info', onSelect: () => openFileDialog({ kind: 'details', path }) })
  items.push({ text: texts.files.remove, icon: 'trash', danger: true, onSelect: () => void remove([path]) })
  return items
}
