import '../style/files.css'
import '../style/grid.css'
import '../style/past.css'
import '../style/preview.css'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Entry } from '../api/calls.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { parentOf } from '../paths.ts'
import { hrefOf, place } from '../state/location.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { Breadcrumb } from './breadcrumb.tsx'
import { DropTarget } from './drop-target.tsx'
import { EntryGrid } from './entry-grid.tsx'
import { EntryList } from './entry-list.tsx'
import { FileDialogs } from './file-dialogs.tsx'
import { folderPath, folderRefusal, folderState, hasMore, openFolder, selected, showMore, sortedEntries } from './folder.ts'
import { followFolder } from './follow-folder.ts'
import { InterruptedUploads } from './interrupted-card.tsx'
import { Looks } from './looks.tsx'
import { usePageKeys } from './page-keys.ts'
import { Preview } from './preview.tsx'
import { type Found, results, searchFor } from './search.ts'
import { SearchField, SearchResults } from './search-results.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { FolderActions } from './folder-actions.tsx'
import { view } from './view.ts'

/** The file that is looked at, by its name in the folder that shows. */
export const previewed = signal<Entry | null>(null)

/** The folder of what is looked at, when it was found elsewhere. */
const previewedIn = signal<string | null>(null)

function show(entry: Entry | null): void {
  previewed.value = entry
  if (entry === null) previewedIn.value = null
}

function showFound({ path, entry }: Found): void {
  previewedIn.value = parentOf(path)
  previewed.value = entry
}

export function FilesPage() {
  const here = place.value
  const path = here.page === 'files' ? here.path : '/'
  usePageKeys()
  useEffect(followFolder, [])
  useEffect(() => {
    show(null)
    searchFor('')
    openFolder(path)
  }, [path])
  return (
    <DropTarget folder={folderPath.value}>
      <header class="page-head">
        <Breadcrumb path={path} />
        {selected.value.size > 0 ? <SelectionBar /> : <FolderActions />}
        <div class="search-row">
          <SearchField />
          <Looks />
        </div>
      </header>
      <InterruptedUploads />
      {results.value === null ? <Folder /> : <SearchResults onOpen={showFound} />}
      <FileDialogs />
      {previewed.value && <Preview entry={previewed.value} folder={previewedIn.value ?? folderPath.value} onShow={show} />}
    </DropTarget>
  )
}

function Folder() {
  if (folderState.value === 'reading') return <Spinner label={texts.shell.loading} />
  if (folderRefusal.value) {
    const { code } = folderRefusal.value
    return (
      <Notice kind="bad">
        <p>{code === 'NOT_FOUND' || code === 'NOT_A_DIRECTORY' ? texts.files.notFound : refusalText(folderRefusal.value)}</p>
        <a href={hrefOf({ page: 'files', path: '/' })}>{texts.files.toTop}</a>
      </Notice>
    )
  }
  if (sortedEntries.value.length === 0) return <Empty />
  return (
    <>
      {view.value === 'grid' ? <EntryGrid onOpen={show} /> : <EntryList onOpen={show} />}
      {hasMore.value && (
        <button type="button" class="button wide" onClick={showMore}>
          {texts.files.loadMore}
        </button>
      )}
    </>
  )
}

function Empty() {
  return (
    <div class="empty">
      <span class="empty-mark">
        <Icon name="upload" size={36} />
      </span>
      <h2>{texts.files.emptyTitle}</h2>
      <p>{texts.files.emptyText}</p>
    </div>
  )
}
