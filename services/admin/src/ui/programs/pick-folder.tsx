import { useSignal } from '@preact/signals'
import { FolderChooser } from '../parts/folder-chooser.tsx'
import { Icon } from '../parts/icons.tsx'
import { Switch } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { texts } from '../texts/texts.ts'
import type { PickerProps } from './power-kinds.tsx'

/** Which folder, and whether for reading only. */
export function FolderPicker({ wish, grant, onPick }: PickerProps) {
  const words = texts.programs.kinds.folder
  const picked = grant?.kind === 'folder' ? grant : null
  const open = useSignal(false)
  const at = useSignal(picked?.path ?? '/')
  const pick = (path: string, write: boolean): void => onPick({ kind: 'folder', name: wish.name, path, write })
  return (
    <div class="power-picker">
      <p class="power-question">{words.which}</p>
      {open.value ? (
        <>
          <FolderChooser folder={at} />
          <button
            type="button"
            class="button"
            onClick={() => {
              pick(at.value, picked?.write ?? wish.write === true)
              open.value = false
            }}
          >
            <Icon name="check" />
            {words.chooseHere}
          </button>
        </>
      ) : (
        <div class="power-picked">
          <span class={picked === null ? 'faint' : 'power-path'}>{picked === null ? words.nothing : picked.path}</span>
          <button type="button" class="button" onClick={() => (open.value = true)}>
            <Icon name="folder" />
            {words.choose}
          </button>
        </div>
      )}
      {picked?.path === '/' && !open.value && <Notice kind="warn">{words.all}</Notice>}
      {picked !== null && wish.write === true && (
        <Switch label={words.write} value={picked.write} onChange={(write) => pick(picked.path, write)} />
      )}
    </div>
  )
}
