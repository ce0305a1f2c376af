import { useSignal } from '@preact/signals'
import { type Grant, securityApi } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Choice } from '../parts/inputs.tsx'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { GrantsField } from './grants-field.tsx'
import { ShownOnce } from './shown-once.tsx'
import { readPeople } from './state.ts'
import { WishForm } from './wish-form.tsx'

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
  const title = made.value === null ? texts.security.people.invite : texts.security.invite.madeTitle(name.value.trim())
  return (
    <Dialog title={title} onClose={onClose}>
      {made.value !== null ? (
        <Made {...made.value} onClose={onClose} />
      ) : (
        <WishForm label={texts.security.invite.name} name={name} button={texts.security.invite.button} action={action} onClose={onClose}>
          <Choice
            label={texts.security.invite.role}
            hint={texts.security.invite.roleHints[role.value]}
            value={role.value}
            texts={texts.security.people.roles}
            onChoose={(value) => (role.value = value)}
          />
          <GrantsField given={given} mayWrite={role.value === 'member'} />
        </WishForm>
      )}
    </Dialog>
  )
}

function Made({ code, expiresMs, onClose }: { code: string; expiresMs: number; onClose: () => void }) {
  const { origin, pathname } = window.location
  return (
    <>
      <p>{texts.security.invite.madeText(dateText(expiresMs / 1000))}</p>
      <ShownOnce label={texts.security.invite.link} value={`${origin}${pathname}#/invited/${code}`} onClose={onClose} />
    </>
  )
}
