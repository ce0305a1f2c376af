import { useEffect, useRef } from 'preact/hooks'
import { contentUrl, type Entry } from '../api/calls.ts'
import { bytesText, dateText, exactDateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Menu, type MenuItem } from '../parts/menu.tsx'
import { joinPath } from '../paths.ts'
import { download } from '../save-file.ts'
import { go, hrefOf } from '../state/location.ts'
import { isOwner } from '../state/session.ts'
import { texts } from '../texts/texts.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { folderPath, isFolder, type SortBy, selectAll, selected, sortBy, sortedEntries, sorting, toggleSelected } from './folder.ts'
import { iconOfKind } from './kind-icons.ts'
import { kindOf } from './kinds.ts'
import { remove } from './removal.ts'
import { downloadZip } from './zip.ts'
import { useRowWindow } from './row-window.ts'

type Open = (entry: Entry) => void

export function EntryList({ onOpen }: { onOpen: Open }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const entries = sortedEntries.value
  const count = selected.value.size
  const { first, last, beforePx, afterPx, show } = useRowWindow(body, entries.length)
  const wanted = useRef<string | null>(null)
  const focusAt = (index: number): void => {
    const within = Math.max(0, Math.min(entries.length - 1, index))
    wanted.current = entries[within]?.name ?? null
    show(within)
    focusWanted()
  }
  const focusWanted = (): void => {
    const row = wanted.current === null ? null : rowOf(body.current, wanted.current)
    if (row === null) return // it will be drawn when the scrolling is done
    wanted.current = null
    row.querySelector<HTMLElement>('.entry-name')?.focus({ preventScroll: true })
  }
  useEffect(() => {
    const drawn = requestAnimationFrame(focusWanted)
    return () => cancelAnimationFrame(drawn)
  })
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
    <tr class={chosen ? 'row chosen' : 'row'} data-name={name} aria-rowindex={number}>
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

function actionsFor(entry: Entry, onOpen: Open): MenuItem[] {
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
  items.push({ text: texts.files.remove, icon: 'trash', danger: true, onSelect: () => void remove([path]) })
  return items
}

function rowOf(body: HTMLElement | null, name: string): HTMLElement | null {
  return [...(body?.querySelectorAll<HTMLElement>('tr.row') ?? [])].find((row) => row.dataset['name'] === name) ?? null
}

/** Arrows move from name to name; the name that has the focus is what the other keys are about. */
function onKey(event: KeyboardEvent, { onOpen, focusAt }: { onOpen: Open; focusAt: (index: number) => void }): void {
  const target = event.target as HTMLElement
  if (!target.classList.contains('entry-name')) return
  const name = target.closest<HTMLElement>('tr')?.dataset['name']
  const index = sortedEntries.value.findIndex((entry) => entry.name === name)
  const entry = sortedEntries.value[index]
  if (!entry) return
  const path = joinPath(folderPath.value, entry.name)
  const pageRows = Math.max(1, Math.floor(window.innerHeight / 59) - 4)
  const keys: Record<string, () => void> = {
    ArrowDown: () => focusAt(index + 1),
    ArrowUp: () => focusAt(index - 1),
    PageDown: () => focusAt(index + pageRows),
    PageUp: () => focusAt(index - pageRows),
    Home: () => focusAt(0),
    End: () => focusAt(sortedEntries.value.length - 1),
    ' ': () => toggleSelected(entry.name),
    Enter: () => (isFolder(entry) ? go({ page: 'files', path }) : onOpen(entry)),
    F2: () => openFileDialog({ kind: 'rename', path }),
    Delete: () => void remove(selected.value.size > 0 ? [...selected.value].map((chosen) => joinPath(folderPath.value, chosen)) : [path]),
    Escape: () => selectAll(false),
  }
  const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
  if (!act || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  act()
}
