import { useSignal } from '@preact/signals'
import { type InvitationInfo, type PersonInfo, securityApi } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { Dialog, DialogButtons } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { Part, Row } from './part.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { people, readPeople } from './state.ts'

/** Who else uses this node. */
export function PeopleCard() {
  const inviting = useSignal(false)
  const { people: known, invitations } = people.value
  return (
    <Part id="people" title={texts.security.people.title} text={texts.security.people.text}>
      <ul class="guard-list">
        {known.map((person) => (
          <PersonRow key={person.id} person={person} />
        ))}
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      <button type="button" class="button primary" onClick={() => (inviting.value = true)}>
        <Icon name="plus" />
        {texts.security.people.invite}
      </button>
      {inviting.value && <InviteDialog onClose={() => (inviting.value = false)} />}
    </Part>
  )
}

function PersonRow({ person }: { person: PersonInfo }) {
  const open = useSignal<'share' | 'remove' | null>(null)
  const close = (): void => {
    open.value = null
  }
  const { id, name, role, seenMs, given } = person
  const signOut = useAction(async () => {
    await securityApi.signOutPerson(id)
    await readPeople()
    toast('done', texts.security.people.signedOut(name))
  })
  const seen = seenMs === null ? texts.security.people.notSignedIn : texts.security.people.seen(dateText(seenMs / 1000))
  return (
    <Row title={name} facts={`${texts.security.people.roles[role]} · ${texts.security.people.shares(given.length)} · ${seen}`}>
      <button type="button" class="button quiet" onClick={() => (open.value = 'share')} aria-label={texts.security.people.shareWith(name)}>
        {texts.security.people.share}
      </button>
      {seenMs !== null && (
        <button
          type="button"
          class="button quiet"
          disabled={signOut.busy.value}
          onClick={() => signOut.run()}
          aria-label={texts.security.people.signOutOf(name)}
        >
          {texts.security.people.signOut}
        </button>
      )}
      <button type="button" class="button quiet" onClick={() => (open.value = 'remove')} aria-label={texts.security.people.removeOf(name)}>
        {texts.security.remove}
      </button>
      {open.value === 'share' && <ShareDialog person={person} onClose={close} />}
      {open.value === 'remove' && <RemoveDialog person={person} onClose={close} />}
    </Row>
  )
}

function RemoveDialog({ person: { id, name, home }, onClose }: { person: PersonInfo; onClose: () => void }) {
  const action = useAction(async () => {
    await securityApi.removePerson(id)
    await readPeople()
    toast('done', texts.security.people.removed(name))
    onClose()
  })
  return (
    <Dialog title={texts.security.people.removeTitle(name)} onClose={onClose}>
      <p>{home === null ? texts.security.people.removeGuest : texts.security.people.removeMember(home)}</p>
      {action.error.value !== null && <p class="field-error">{action.error.value}</p>}
      <DialogButtons>
        <button type="button" class="button" onClick={onClose}>
          {texts.common.cancel}
        </button>
        <button type="button" class="button danger solid" disabled={action.busy.value} onClick={() => action.run()}>
          {texts.security.remove}
        </button>
      </DialogButtons>
    </Dialog>
  )
}

function InvitationRow({ invitation: { id, name, role, expiresMs } }: { invitation: InvitationInfo }) {
  const action = useAction(async () => {
    await securityApi.withdraw(id)
    await readPeople()
    toast('done', texts.security.people.withdrawn(name))
  })
  const until = texts.security.people.invitedUntil(dateText(expiresMs / 1000))
  return (
    <Row title={name} facts={`${texts.security.people.roles[role]} · ${until}`}>
      <button
        type="button"
        class="button quiet"
        disabled={action.busy.value}
        onClick={() => action.run()}
        aria-label={texts.security.people.withdrawOf(name)}
      >
        {texts.security.people.withdraw}
      </button>
    </Row>
  )
}
