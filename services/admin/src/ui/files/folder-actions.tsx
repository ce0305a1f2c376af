import { useRef } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { texts } from '../texts/texts.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { folderPath } from './folder.ts'
import { chosenFiles } from './incoming.ts'
import { upload } from './uploads.ts'

/** New folder, upload of files, upload of a folder. */
export function FolderActions() {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement
    upload(folderPath.value, chosenFiles(input.files ?? []))
    input.value = ''
  }
  return (
    <div class="actions">
      <button
        type="button"
        class="button"
        onClick={() => openFileDialog({ kind: 'new-folder', folder: folderPath.value })}
        title={texts.files.newFolder}
      >
        <Icon name="newFolder" />
        <span class="wide-only">{texts.files.newFolder}</span>
      </button>
      <Menu
        label={texts.files.upload}
        buttonClass="button primary"
        items={[
          { text: texts.files.uploadFiles, icon: 'file', onSelect: () => files.current?.click() },
          { text: texts.files.uploadFolder, icon: 'folder', onSelect: () => folder.current?.click() },
        ]}
      >
        <Icon name="upload" />
        {texts.files.upload}
        <Icon name="down" size={16} />
      </Menu>
      <input
        ref={files}
        type="file"
        multiple
        class="hidden"
        tabIndex={-1}
        aria-label={texts.files.uploadFiles}
        data-upload="files"
        onChange={take}
      />
      <input
        ref={(input) => {
          folder.current = input
          input?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        class="hidden"
        tabIndex={-1}
        aria-label={texts.files.uploadFolder}
        data-upload="folder"
        onChange={take}
      />
    </div>
  )
}
