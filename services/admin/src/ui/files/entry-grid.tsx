import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Entry } from '../api/calls.ts'
import { contentUrl } from '../api/calls.ts'
import { bytesText, dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { joinPath } from '../paths.ts'
import { hrefOf } from '../state/location.ts'
import { texts } from '../texts/texts.ts'
import { dragOf, dropOn } from './dragging.ts'
import { actionsFor, type Open } from './entry-actions.ts'
import { onKey, useFocusAt } from './entry-keys.ts'
import { folderPath, isFolder, type SortBy, selectAll, selected, sortBy, sortedEntries, sorting, toggleSelected } from './folder.ts'
import { longPress } from './long-press.ts'
import { useRowWindow } from './row-window.ts'
import { Thumbnail } from './thumbnails/thumbnail.tsx'

/** The narrowest a tile gets, and the room between two; as in the styles. */
const TILE_PX = 150
const GAP_PX = 12

/** The folder as pictures: rows of tiles, of which only those near the window are drawn. */
export function EntryGrid({ onOpen }: { onOpen: Open }) {
  const body = useRef<HTMLDivElement>(null)
  const columns = useColumns(body)
  const entries = sortedEntries.value
  const rowCount = columns === 0 ? 0 : Math.ceil(entries.length / columns)
  const { first, last, beforePx, afterPx, show } = useRowWindow(body, rowCount)
  const focusAt = useFocusAt(body, (index) => show(Math.floor(index / columns)))
  const rows = Array.from({ length: columns === 0 ? 0 : Math.max(0, last - first) }, (_, i) => first + i)
  return (
    <>
      <GridHead />
      <div
        ref={body}
        class="grid-tiles"
        role="grid"
        aria-label={texts.files.title}
        aria-rowcount={rowCount}
        aria-colcount={columns}
        onKeyDown={(event) => onKey(event, { onOpen, focusAt, columns })}
      >
        {beforePx > 0 && <div class="room" style={{ height: `${beforePx}px` }} />}
        {rows.map((row) => (
          <div
            key={row}
            class="grid-line"
            role="row"
            aria-rowindex={row + 1}
            style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
          >
            {entries.slice(row * columns, (row + 1) * columns).map((entry) => (
              <Tile key={entry.name} entry={entry} onOpen={onOpen} />
            ))}
          </div>
        ))}
        {afterPx > 0 && <div class="room" style={{ height: `${afterPx}px` }} />}
      </div>
    </>
  )
}

/** How many tiles fit beside each other; 0 before it is known, when none is drawn. */
function useColumns(body: RefObject<HTMLElement | null>): number {
  const columns = useSignal(0)
  const look = (): void => {
    const width = body.current?.clientWidth ?? 0
    if (width > 0) columns.value = Math.max(2, Math.floor((width + GAP_PX) / (TILE_PX + GAP_PX)))
  }
  useLayoutEffect(look, [])
  useEffect(() => {
    const observer = new ResizeObserver(look)
    if (body.current) observer.observe(body.current)
    return () => observer.disconnect()
  }, [])
  return columns.value
}

/** Chooses all, and the order. */
function GridHead() {
  const count = selected.value.size
  const all = sortedEntries.value.length
  return (
    <div class="grid-head">
      <input
        type="checkbox"
        aria-label={texts.files.selectAll}
        checked={count > 0 && count === all}
        indeterminate={count > 0 && count < all}
        onChange={(event) => selectAll(event.currentTarget.checked)}
      />
      <SortButton by="name" text={texts.files.name} />
      <SortButton by="size" text={texts.files.size} />
      <SortButton by="changed" text={texts.files.changed} />
    </div>
  )
}

function SortButton({ by, text }: { by: SortBy; text: string }) {
  const { by: now, descending } = sorting.value
  return (
    <button type="button" class="sort" aria-pressed={now === by} onClick={() => sortBy(by)}>
      {text}
      {now === by && <Icon name={descending ? 'down' : 'up'} size={14} />}
    </button>
  )
}

function Tile({ entry, onOpen }: { entry: Entry; onOpen: Open }) {
  const { name } = entry
  const path = joinPath(folderPath.value, name)
  const chosen = selected.value.has(name)
  return (
    <div
      class={chosen ? 'grid-tile chosen' : 'grid-tile'}
      role="gridcell"
      data-name={name}
      {...dragOf(entry)}
      {...longPress(name)}
      {...(isFolder(entry) ? dropOn(path) : {})}
    >
      <Thumbnail path={path} entry={entry} />
      <a
        class="entry-name"
        title={name}
        href={isFolder(entry) ? hrefOf({ page: 'files', path }) : contentUrl(path, { view: true })}
        onClick={(event) => {
          if (isFolder(entry) || event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          onOpen(entry)
        }}
      >
        {name}
      </a>
      <span class="grid-facts">{isFolder(entry) ? dateText(entry.modified) : bytesText(entry.sizeBytes)}</span>
      <input
        type="checkbox"
        class="grid-choice"
        tabIndex={-1}
        aria-label={texts.files.select(name)}
        checked={chosen}
        onChange={() => toggleSelected(name)}
      />
      <span class="grid-more">
        <Menu label={texts.common.moreFor(name)} items={actionsFor(entry, onOpen)}>
          <Icon name="more" size={18} />
        </Menu>
      </span>
    </div>
  )
}
