import { useSignal } from '@preact/signals'
import { folderApi, type FolderRequest, type GivenFolderInfo } from '../api/folder-calls.ts'
import { dateText } from '../format.ts'
import { nameOf } from '../paths.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { RightForm } from './right-form.tsx'
import { readFolders } from './state.ts'

/** Somebody would like to write: looked at, approved with what is to hold, or refused. */
export function RequestRow({ folder, request }: { folder: GivenFolderInfo; request: FolderRequest }) {
  const approving = useSignal(false)
  const refuse = useAction(async () => {
    await folderApi.refuse(folder.id, request.id)
    toast('done', texts.shared.refused(request.name))
    await readFolders().catch(toastRefusal)
  })
  return (
    <li>
      <span class="shared-what">
        <strong>{texts.shared.wouldWrite(request.name, nameOf(folder.path))}</strong>
        <span class="faint">
          {texts.shared.at(request.path)} · {dateText(request.made)}
        </span>
        {request.note !== '' && <q class="shared-note">{request.note}</q>}
      </span>
      {approving.value ? (
        <RightForm
          path={request.path}
          button={texts.shared.approve}
          onCancel={() => (approving.value = false)}
          onDone={async (right) => {
            await folderApi.approve(folder.id, request.id, right)
            toast('done', texts.shared.approved(request.name))
            await readFolders().catch(toastRefusal)
          }}
        />
      ) : (
        <span class="shared-buttons">
          <button type="button" class="button primary" onClick={() => (approving.value = true)}>
            {texts.shared.look}
          </button>
          <button type="button" class="button" disabled={refuse.busy.value} onClick={() => refuse.run()}>
            {texts.shared.refuse}
          </button>
        </span>
      )}
      {refuse.error.value !== null && <p class="field-error">{refuse.error.value}</p>}
    </li>
  )
}
