import { useSignal } from '@preact/signals'
import { type Grant, securityApi } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Choice } from '../parts/inputs.tsx'
import { Notice } from '../parts/notice.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { CopyField } from './copy-field.tsx'
import { GrantsField } from './grants-field.tsx'
import { readPeople } from './state.ts'

const HOURS = 7 * 24

/** Makes an invitation and shows its link, once. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const name = useSignal('')
  const role = useSignal<'member' | 'guest'>('member')
  const given = useSignal<Grant[]>([])
  const made = useSignal<{ code: string; expiresMs: number } | null>(null)
  const action = useAction(async () => {
    const wish = { name: name.value.trim(), role: role.value, given: given.value, hours: HOURS }
    made.value = await securityApi.invite(wish)
    await readPeople()
  })
  if (made.value !== null) return <Made name={name.value.trim()} {...made.value} onClose={onClose} />
  return (
    <Dialog title={texts.security.people.invite} onClose={onClose}>
      <form onSubmit={action.run}>
        <Field
          label={texts.security.invite.name}
          value={name.value}
          onInput={(value) => (name.value = value)}
          error={action.error.value}
          maxLength={64}
          focus
        />
        <Choice
          label={texts.security.invite.role}
          hint={texts.security.invite.roleHints[role.value]}
          value={role.value}
          texts={texts.security.people.roles}
          onChoose={(value) => (role.value = value)}
        />
        <GrantsField given={given} mayWrite={role.value === 'member'} />
        <DialogButtons>
          <button type="button" class="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={action.busy.value || name.value.trim() === ''}>
            {texts.security.invite.button}
          </button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function Made({ name, code, expiresMs, onClose }: { name: string; code: string; expiresMs: number; onClose: () => void }) {
  const { origin, pathname } = window.location
  return (
    <Dialog title={texts.security.invite.madeTitle(name)} onClose={onClose}>
      <p>{texts.security.invite.madeText(dateText(expiresMs / 1000))}</p>
      <CopyField label={texts.security.invite.link} value={`${origin}${pathname}#/invited/${code}`} />
      <Notice kind="warn">{texts.security.once}</Notice>
      <DialogButtons>
        <button type="button" class="button primary" onClick={onClose}>
          {texts.common.close}
        </button>
      </DialogButtons>
    </Dialog>
  )
}
