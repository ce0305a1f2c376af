import { useSignal } from '@preact/signals'
import { folderApi } from '../api/folder-calls.ts'
import { Field } from '../parts/field.tsx'
import { Choice } from '../parts/inputs.tsx'
import { nameOf } from '../paths.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { friends, readFolders } from './state.ts'

/** A folder, and a friend who is to read it. */
export function ShareFolderForm() {
  const path = useSignal('')
  const chosen = useSignal<string | null>(null)
  const known = friends.value
  const friend = known.find(({ owner }) => owner === chosen.value) ?? known[0]
  const share = useAction(async () => {
    if (friend === undefined) return
    const wanted = path.value.trim()
    await folderApi.share(wanted.startsWith('/') ? wanted : `/${wanted}`, friend.owner)
    toast('done', texts.shared.shared(nameOf(wanted), friend.name))
    path.value = ''
    await readFolders().catch(toastRefusal)
  })
  if (friend === undefined) return <p class="lead">{texts.shared.noFriends}</p>
  return (
    <form class="shared-form" onSubmit={share.run}>
      <h3>{texts.shared.share}</h3>
      <Field
        label={texts.shared.folder}
        hint={texts.shared.folderHint}
        error={share.error.value}
        value={path.value}
        onInput={(typed) => (path.value = typed)}
        maxLength={512}
      />
      <Choice
        label={texts.shared.withWhom}
        hint={texts.shared.readsOnly}
        value={friend.owner}
        texts={Object.fromEntries(known.map(({ owner, name }) => [owner, name]))}
        onChoose={(owner) => (chosen.value = owner)}
      />
      <button type="submit" class="button primary" disabled={share.busy.value || path.value.trim() === ''}>
        {texts.shared.shareNow}
      </button>
    </form>
  )
}
