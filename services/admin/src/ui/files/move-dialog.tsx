import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { isAtOrUnder, joinPath, nameOf, parentOf } from '../paths.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { folderPath, isFolder, refresh, selectAll } from './folder.ts'

/** Chooses a folder by walking to it; those that are being moved cannot be entered. */
export function MoveDialog({ paths, onClose }: { paths: string[]; onClose: () => void }) {
  const into = useSignal(folderPath.value)
  const folders = useSignal<string[] | null>(null)
  useEffect(() => {
    let left = false
    folders.value = null
    readFolders(into.value).then((names) => {
      if (!left) folders.value = names
    }, toastRefusal)
    return () => {
      left = true
    }
  }, [into.value])
  const action = useAction(async () => {
    for (const path of paths) await api.move(path, joinPath(into.value, nameOf(path)))
    toast('done', texts.files.moved(paths.length))
    selectAll(false)
    refresh()
    onClose()
  })
  const same = paths.every((path) => parentOf(path) === into.value)
  return (
    <Dialog title={texts.files.moveTitle(paths.length, nameOf(paths[0] ?? ''))} onClose={onClose}>
      <form onSubmit={action.run}>
        <div class="chooser-head">
          <button
            type="button"
            class="button icon-only quiet"
            aria-label={texts.common.back}
            disabled={into.value === '/'}
            onClick={() => (into.value = parentOf(into.value))}
          >
            <Icon name="back" />
          </button>
          <strong>{nameOf(into.value) || texts.files.top}</strong>
        </div>
        <div class="chooser">
          {folders.value === null && <Spinner label={texts.shell.loading} />}
          {folders.value?.length === 0 && <p class="faint">{texts.files.noFolders}</p>}
          {folders.value?.map((name) => {
            const path = joinPath(into.value, name)
            const moving = paths.some((one) => isAtOrUnder(path, one))
            return (
              <button key={name} type="button" class="chooser-item" disabled={moving} onClick={() => (into.value = path)}>
                <span class="kind folder">
                  <Icon name="folder" />
                </span>
                <span class="grow">{name}</span>
                <Icon name="forward" size={16} />
              </button>
            )
          })}
        </div>
        {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={same || action.busy.value}>
            {texts.files.moveHere}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

async function readFolders(path: string): Promise<string[]> {
  const names: string[] = []
  let after: string | undefined
  for (let more = true; more; ) {
    const page = await api.list(path, after)
    names.push(...page.entries.filter(isFolder).map(({ name }) => name))
    after = page.entries.at(-1)?.name
    more = page.more
  }
  return names.sort(new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare)
}
