import { type RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { joinPath } from '../paths.ts'
import { go } from '../state/location.ts'
import type { Open } from './entry-actions.ts'
import { openFileDialog } from './file-dialogs.tsx'
import { folderPath, isFolder, selectAll, selected, sortedEntries, toggleSelected } from './folder.ts'
import { remove } from './removal.ts'
import { readsForward } from './swipe.ts'

/**
 * Moves the focus to an entry by its place in the whole list; it may have to be drawn first.
 *
 * @param show brings the place into view.
 */
export function useFocusAt(body: RefObject<HTMLElement | null>, show: (index: number) => void): (index: number) => void {
  const wanted = useRef<string | null>(null)
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
  return (index) => {
    const entries = sortedEntries.value
    const within = Math.max(0, Math.min(entries.length - 1, index))
    wanted.current = entries[within]?.name ?? null
    show(within)
    focusWanted()
  }
}

function rowOf(body: HTMLElement | null, name: string): HTMLElement | null {
  return [...(body?.querySelectorAll<HTMLElement>('[data-name]') ?? [])].find((row) => row.dataset['name'] === name) ?? null
}

interface KeyWays {
  onOpen: Open
  focusAt: (index: number) => void
  /** Entries beside each other. */
  columns?: number
}

/** Arrows move from name to name; the name that has the focus is what the other keys are about. */
export function onKey(event: KeyboardEvent, { onOpen, focusAt, columns = 1 }: KeyWays): void {
  const target = event.target as HTMLElement
  if (!target.classList.contains('entry-name')) return
  const name = target.closest<HTMLElement>('[data-name]')?.dataset['name']
  const index = sortedEntries.value.findIndex((entry) => entry.name === name)
  const entry = sortedEntries.value[index]
  if (!entry) return
  const path = joinPath(folderPath.value, entry.name)
  const page = columns === 1 ? Math.max(1, Math.floor(window.innerHeight / 59) - 4) : 3 * columns
  const aside: Record<string, () => void> =
    columns === 1
      ? {}
      : {
          [readsForward() ? 'ArrowRight' : 'ArrowLeft']: () => focusAt(index + 1),
          [readsForward() ? 'ArrowLeft' : 'ArrowRight']: () => focusAt(index - 1),
        }
  const keys: Record<string, () => void> = {
    ...aside,
    ArrowDown: () => focusAt(index + columns),
    ArrowUp: () => focusAt(index - columns),
    PageDown: () => focusAt(index + page),
    PageUp: () => focusAt(index - page),
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
