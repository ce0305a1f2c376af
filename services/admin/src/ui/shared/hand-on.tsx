import { useSignal } from '@preact/signals'
import { folderApi, type TakenFolderInfo } from '../api/folder-calls.ts'
import { Choice } from '../parts/inputs.tsx'
import { toast } from '../state/toasts.ts'
import { texts } from '../texts/texts.ts'
import { RightForm } from './right-form.tsx'
import { friends } from './state.ts'

/** A right to write in a folder of a friend, or a part of it, given to another friend who reads the folder too. */
export function HandOn({ folder: { id, friend: owner, writable, handOn } }: { folder: TakenFolderInfo }) {
  const open = useSignal(false)
  const chosen = useSignal<string | null>(null)
  const known = friends.value.filter((one) => one.owner !== owner)
  const to = known.find((one) => one.owner === chosen.value) ?? known[0]
  if (to === undefined) return null
  if (!open.value)
    return (
      <button type="button" class="button" onClick={() => (open.value = true)}>
        {texts.shared.handOn}
      </button>
    )
  return (
    <>
      <Choice
        label={texts.shared.handOnTo}
        hint={texts.shared.handOnHint}
        value={to.owner}
        texts={Object.fromEntries(known.map((one) => [one.owner, one.name]))}
        onChoose={(friend) => (chosen.value = friend)}
      />
      <RightForm
        path={writable[0] ?? '/'}
        most={handOn - 1}
        button={texts.shared.handOnNow}
        onDone={async (right) => {
          await folderApi.handOn(id, to.owner, right)
          toast('done', texts.shared.handedOnTo(to.name))
          open.value = false
        }}
        onCancel={() => (open.value = false)}
      />
    </>
  )
}
