import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { Icon } from '../parts/icons.tsx'
import { nameOf } from '../paths.ts'
import { texts } from '../texts/texts.ts'
import { droppedFiles } from './incoming.ts'
import { droppedHandles } from './interrupted.ts'
import { upload } from './uploads.ts'

/** The whole page takes what is dropped. */
export function DropTarget({ folder, children }: { folder: string; children: ComponentChildren }) {
  const over = useSignal(false)
  // Entering a child leaves its parent: count both.
  const depth = useRef(0)
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  return (
    <div
      class="drop-target"
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        depth.current++
        over.value = true
      }}
      onDragOver={(event) => {
        if (carriesFiles(event)) event.preventDefault()
      }}
      onDragLeave={() => {
        depth.current = Math.max(0, depth.current - 1)
        if (depth.current === 0) over.value = false
      }}
      onDrop={(event) => {
        if (!event.dataTransfer || !carriesFiles(event)) return
        event.preventDefault()
        depth.current = 0
        over.value = false
        upload(folder, droppedFiles(event.dataTransfer), droppedHandles(event.dataTransfer))
      }}
    >
      {children}
      {over.value && (
        <div class="drop-veil">
          <div class="drop-text">
            <Icon name="upload" size={40} />
            {texts.files.drop(nameOf(folder) || texts.files.top)}
          </div>
        </div>
      )}
    </div>
  )
}
