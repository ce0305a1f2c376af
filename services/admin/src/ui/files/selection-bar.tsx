import { contentUrl } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { joinPath } from '../paths.ts'
import { download } from '../save-file.ts'
import { texts } from '../texts/texts.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { folderPath, selectAll, selectedEntries } from './folder.ts'
import { remove } from './removal.ts'
import { downloadZip } from './zip.ts'

/** What can be done with what is selected. */
export function SelectionBar() {
  const entries = selectedEntries.value
  const paths = entries.map(({ name }) => joinPath(folderPath.value, name))
  const [first] = entries
  const downloadAll = (): void => {
    if (entries.length === 1 && first?.type === 'file') download(contentUrl(paths[0] as string), first.name)
    else downloadZip(paths)
  }
  return (
    <div class="actions selection">
      <span class="selection-count" aria-live="polite">
        {texts.files.selected(entries.length)}
      </span>
      {entries.length > 0 && entries.length <= 1000 && (
        <button type="button" class="button" onClick={downloadAll} title={texts.files.download}>
          <Icon name="download" />
          <span class="wide-only">{texts.files.download}</span>
        </button>
      )}
      <button type="button" class="button" onClick={() => openFileDialog({ kind: 'move', paths })} title={texts.files.move}>
        <Icon name="move" />
        <span class="wide-only">{texts.files.moveShort}</span>
      </button>
      <button type="button" class="button danger" onClick={() => void remove(paths)} title={texts.files.remove}>
        <Icon name="trash" />
        <span class="wide-only">{texts.files.remove}</span>
      </button>
      <button
        type="button"
        class="button icon-only quiet"
        onClick={() => selectAll(false)}
        aria-label={texts.files.clear}
        title={texts.files.clear}
      >
        <Icon name="close" />
      </button>
    </div>
  )
}
