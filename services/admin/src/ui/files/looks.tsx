import { Icon } from '../parts/icons.tsx'
import { hrefOf } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { folderPath } from './folder.ts'
import { showAs, view } from './view.ts'

/** Other ways to look at the folder: as pictures, as it was, and what was removed. */
export function Looks() {
  return (
    <div class="looks">
      <ViewChoice />
      <button
        type="button"
        class="button icon-only quiet"
        aria-label={texts.past.lookBack}
        title={texts.past.lookBack}
        onClick={() => openFileDialog({ kind: 'look-back', folder: folderPath.value })}
      >
        <Icon name="history" />
      </button>
      <a class="button icon-only quiet" href={hrefOf({ page: 'trash' })} aria-label={texts.trash.title} title={texts.trash.title}>
        <Icon name="trash" />
      </a>
    </div>
  )
}

function ViewChoice() {
  const other = view.value === 'grid' ? 'list' : 'grid'
  const text = other === 'grid' ? texts.files.asGrid : texts.files.asList
  return (
    <button type="button" class="button icon-only quiet" aria-label={text} title={text} onClick={() => showAs(other)}>
      <Icon name={other} />
    </button>
  )
}
