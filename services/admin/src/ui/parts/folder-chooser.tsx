import '../style/chooser.css'
import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { joinPath, nameOf, parentOf } from '../paths.ts'
import { toastRefusal } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { Icon } from './icons.tsx'
import { Spinner } from './progress.tsx'

interface FolderChooserProps {
  /** Where one stands: that is what is chosen. */
  folder: Signal<string>
  mayEnter?: (path: string) => boolean
}

/** A folder of the tree, chosen by walking to it. */
export function FolderChooser({ folder, mayEnter = () => true }: FolderChooserProps) {
  const folders = useSignal<string[] | null>(null)
  useEffect(() => {
    let left = false
    folders.value = null
    readFolders(folder.value).then((names) => {
      if (!left) folders.value = names
    }, toastRefusal)
    return () => {
      left = true
    }
  }, [folder.value])
  return (
    <>
      <div class="chooser-head">
        <button
          type="button"
          class="button icon-only quiet"
          aria-label={texts.common.back}
          disabled={folder.value === '/'}
          onClick={() => (folder.value = parentOf(folder.value))}
        >
          <Icon name="back" />
        </button>
        <strong>{nameOf(folder.value) || texts.files.top}</strong>
      </div>
      <div class="chooser">
        {folders.value === null && <Spinner label={texts.shell.loading} />}
        {folders.value?.length === 0 && <p class="faint">{texts.files.noFolders}</p>}
        {folders.value?.map((name) => {
          const path = joinPath(folder.value, name)
          return (
            <button key={name} type="button" class="chooser-item" disabled={!mayEnter(path)} onClick={() => (folder.value = path)}>
              <span class="chooser-kind">
                <Icon name="folder" />
              </span>
              <span class="grow">{name}</span>
              <Icon name="forward" size={16} />
            </button>
          )
        })}
      </div>
    </>
  )
}

async function readFolders(path: string): Promise<string[]> {
  const names: string[] = []
  let after: string | undefined
  for (let more = true; more; ) {
    const page = await api.list(path, after)
    names.push(...page.entries.filter(({ type }) => type === 'directory' || type === 'volume').map(({ name }) => name))
    after = page.entries.at(-1)?.name
    more = page.more
  }
  return names.sort(new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare)
}
