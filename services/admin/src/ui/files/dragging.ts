import { contentUrl, type Entry } from '../api/calls.ts'
import { isAtOrUnder, joinPath, nameOf, parentOf } from '../paths.ts'
import { folderPath, selected } from './folder.ts'
import { moveTo } from './moving.ts'

/** Entries of this page that are being dragged. What a drag from elsewhere says of itself is never asked. */
let dragged: readonly string[] = []

/** A finger scrolls and chooses; only what hovers drags. */
const mayDrag = (): boolean => window.matchMedia('(hover: hover)').matches

/** For the element of one entry: onto a folder it moves, out of the browser it is saved, where the browser can. */
export function dragOf(entry: Entry) {
  return {
    draggable: mayDrag(),
    onDragStart: (event: DragEvent) => {
      const data = event.dataTransfer
      if (data === null) return
      const names = selected.value.has(entry.name) ? [...selected.value] : [entry.name]
      dragged = names.map((name) => joinPath(folderPath.value, name))
      data.clearData()
      data.effectAllowed = 'copyMove'
      data.setData('application/x-holt', '')
      const [only] = dragged
      if (names.length === 1 && entry.type === 'file' && only !== undefined) data.setData('DownloadURL', downloadOf(only))
    },
    onDragEnd: () => {
      dragged = []
    },
  }
}

/** Chromium takes it as what to save where it is dropped: type, name and address. */
function downloadOf(path: string): string {
  const url = new URL(contentUrl(path), document.baseURI).href
  return `application/octet-stream:${nameOf(path).replaceAll(':', '_')}:${url}`
}

/** For an element that stands for a folder. */
export function dropOn(folder: string) {
  const mark = (event: DragEvent, on: boolean): void => {
    ;(event.currentTarget as HTMLElement).classList.toggle('drop-here', on)
  }
  return {
    onDragOver: (event: DragEvent) => {
      if (!mayDrop(folder)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'move'
      mark(event, true)
    },
    onDragLeave: (event: DragEvent) => mark(event, false),
    onDrop: (event: DragEvent) => {
      mark(event, false)
      if (!mayDrop(folder)) return
      event.preventDefault()
      event.stopPropagation()
      const paths = dragged
      dragged = []
      void moveTo(folder, paths)
    },
  }
}

/** Nothing moves into itself, nor to where it is. */
function mayDrop(folder: string): boolean {
  return dragged.length > 0 && !dragged.some((path) => isAtOrUnder(folder, path) || parentOf(path) === folder)
}
