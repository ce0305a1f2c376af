import { bytesText, dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { nameOf, parentOf } from '../paths.ts'
import { hrefOf } from '../state/location.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'
import { isFolder } from './folder.ts'
import { iconOfKind } from './kind-icons.ts'
import { kindOf } from './kinds.ts'
import { type Found, results, scanned, searchFor, searching, searchRefusal, searchText } from './search.ts'

/** Where the text is typed. */
export function SearchField() {
  return (
    <div class="search" role="search">
      <Icon name="search" size={18} />
      <input
        type="search"
        class="search-input"
        aria-label={texts.files.search}
        placeholder={texts.files.search}
        value={searchText.value}
        onInput={(event) => searchFor(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') searchFor('')
        }}
      />
    </div>
  )
}

/** @param onOpen shows a file where it lies. */
export function SearchResults({ onOpen }: { onOpen: (found: Found) => void }) {
  const found = results.value ?? []
  return (
    <section aria-label={texts.files.searchResults}>
      <p class="faint" role="status">
        {searching.value === 'running'
          ? texts.files.searchRunning(found.length, scanned.value)
          : searching.value === 'full'
            ? texts.files.searchFull(found.length)
            : texts.files.searchDone(found.length, scanned.value)}
      </p>
      {searchRefusal.value && <Notice kind="bad">{refusalText(searchRefusal.value)}</Notice>}
      <ul class="found">
        {found.map((one) => (
          <Result key={one.path} one={one} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  )
}

function Result({ one, onOpen }: { one: Found; onOpen: (found: Found) => void }) {
  const { path, entry } = one
  const kind = kindOf(entry)
  const parent = parentOf(path)
  return (
    <li class="found-item">
      <span class={`kind ${kind}`}>
        <Icon name={iconOfKind[kind]} size={22} />
      </span>
      <span class="found-text">
        <a
          class="entry-name"
          href={hrefOf({ page: 'files', path: isFolder(entry) ? path : parent })}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            if (isFolder(entry)) return searchFor('')
            event.preventDefault()
            onOpen(one)
          }}
        >
          {nameOf(path)}
        </a>
        <span class="faint">
          <a href={hrefOf({ page: 'files', path: parent })} onClick={() => searchFor('')}>
            {parent === '/' ? texts.files.top : parent.slice(1)}
          </a>
          {entry.type === 'file' && ` · ${bytesText(entry.sizeBytes)} · ${dateText(entry.modified)}`}
        </span>
      </span>
    </li>
  )
}
