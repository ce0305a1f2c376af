import { useSignal } from '@preact/signals'
import { type Grant, type PersonInfo, securityApi } from '../api/security-calls.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { GrantsField } from './grants-field.tsx'
import { readPeople } from './state.ts'

/** What somebody sees besides their own folder. */
export function ShareDialog({ person: { id, name, role, given: before }, onClose }: { person: PersonInfo; onClose: () => void }) {
  const given = useSignal<Grant[]>(before)
  const action = useAction(async () => {
    await securityApi.share(id, given.value)
    await readPeople()
    toast('done', texts.security.share.saved(name))
    onClose()
  })
  return (
    <Dialog title={texts.security.people.shareWith(name)} onClose={onClose}>
      <p class="lead">{texts.security.share.text}</p>
      <GrantsField given={given} mayWrite={role === 'member'} />
      {action.error.value !== null && <p class="field-error">{action.error.value}</p>}
      <DialogButtons>
        <button type="button" class="button" onClick={onClose}>
          {texts.common.cancel}
        </button>
        <button type="button" class="button primary" disabled={action.busy.value} onClick={() => action.run()}>
          {texts.security.share.save}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
