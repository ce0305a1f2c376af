import { useRef } from 'preact/hooks'
import { contentUrl, type Entry } from '../api/calls.ts'
import { bytesText, dateText, exactDateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { joinPath } from '../paths.ts'
import { hrefOf } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { dragOf, dropOn } from './dragging.ts'
import { actionsFor, type Open } from './entry-actions.ts'
import { onKey, useFocusAt } from './entry-keys.ts'
import { folderPath, isFolder, type SortBy, selectAll, selected, sortBy, sortedEntries, sorting, toggleSelected } from './folder.ts'
import { iconOfKind } from './kind-icons.ts'
import { kindOf } from './kinds.ts'
import { longPress } from './long-press.ts'
import { useRowWindow } from './row-window.ts'

export function EntryList({ onOpen }: { onOpen: Open }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const entries = sortedEntries.value
  const count = selected.value.size
  const { first, last, beforePx, afterPx, show } = useRowWindow(body, entries.length)
  const focusAt = useFocusAt(body, show)
  return (
    <table class="entries" aria-label={texts.files.title} aria-rowcount={entries.length + 1}>
      <caption class="visually-hidden">{texts.files.keys}</caption>
      <thead>
        <tr>
          <th class="col-select">
            <input
              type="checkbox"
              aria-label={texts.files.selectAll}
              checked={count > 0 && count === entries.length}
              indeterminate={count > 0 && count < entries.length}
              onChange={(event) => selectAll(event.currentTarget.checked)}
            />
          </th>
          <SortHead by="name" text={texts.files.name} />
          <SortHead by="size" text={texts.files.size} />
          <SortHead by="changed" text={texts.files.changed} />
          <th class="col-more">
            <span class="visually-hidden">{texts.common.more}</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={(event) => onKey(event, { onOpen, focusAt })}>
        <Room heightPx={beforePx} />
        {entries.slice(first, last).map((entry, i) => (
          <Row key={entry.name} entry={entry} number={first + i + 2} onOpen={onOpen} />
        ))}
        <Room heightPx={afterPx} />
      </tbody>
    </table>
  )
}

/** Stands for rows that are not drawn. The height is a block's: that of a row is not always laid out anew when it changes. */
function Room({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null
  return (
    <tr class="room" aria-hidden="true">
      <td colSpan={5}>
        <div style={{ height: `${heightPx}px` }} />
      </td>
    </tr>
  )
}

function SortHead({ by, text }: { by: SortBy; text: string }) {
  const { by: now, descending } = sorting.value
  const active = now === by
  return (
    <th class={`col-${by}`} aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="sort" onClick={() => sortBy(by)}>
        {text}
        {active && <Icon name={descending ? 'down' : 'up'} size={14} />}
      </button>
    </th>
  )
}

/** @param number in the whole list, the head being the first. */
function Row({ entry, number, onOpen }: { entry: Entry; number: number; onOpen: Open }) {
  const { name } = entry
  const kind = kindOf(entry)
  const chosen = selected.value.has(name)
  const facts =
    entry.type === 'symlink' ? texts.files.link(entry.target ?? '') : isFolder(entry) ? texts.files.folder : bytesText(entry.sizeBytes)
  return (
    <tr
      class={chosen ? 'row chosen' : 'row'}
      data-name={name}
      aria-rowindex={number}
      {...dragOf(entry)}
      {...longPress(name)}
      {...(isFolder(entry) ? dropOn(joinPath(folderPath.value, name)) : {})}
    >
      <td class="col-select">
        <input type="checkbox" tabIndex={-1} aria-label={texts.files.select(name)} checked={chosen} onChange={() => toggleSelected(name)} />
      </td>
      <td class="col-name">
        <span class={`kind ${kind}`}>
          <Icon name={iconOfKind[kind]} size={22} />
        </span>
        <span class="entry-text">
          <a
            class="entry-name"
            href={
              isFolder(entry)
                ? hrefOf({ page: 'files', path: joinPath(folderPath.value, name) })
                : contentUrl(joinPath(folderPath.value, name), { view: true })
            }
            onClick={(event) => {
              if (isFolder(entry) || event.ctrlKey || event.metaKey || event.shiftKey) return
              event.preventDefault()
              onOpen(entry)
            }}
          >
            {name}
          </a>
          <span class="entry-facts">
            {facts} · {dateText(entry.modified)}
          </span>
        </span>
      </td>
      <td class="col-size">{entry.type === 'file' ? bytesText(entry.sizeBytes) : '–'}</td>
      <td class="col-changed" title={exactDateText(entry.modified)}>
        {dateText(entry.modified)}
      </td>
      <td class="col-more">
        <Menu label={texts.common.moreFor(name)} items={actionsFor(entry, onOpen)}>
          <Icon name="more" />
        </Menu>
      </td>
    </tr>
  )
}
