import { securityApi, type SessionInfo } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { Part, Row } from './part.tsx'
import { sessions } from './state.ts'

/** Where one is signed in. */
export function SessionsCard() {
  const others = sessions.value.filter(({ current }) => !current)
  const action = useAction(async () => {
    await securityApi.endOtherSessions()
    sessions.value = sessions.value.filter(({ current }) => current)
    toast('done', texts.security.sessions.othersEnded)
  })
  return (
    <Part id="sessions" title={texts.security.sessions.title} text={texts.security.sessions.text}>
      <ul class="guard-list">
        {sessions.value.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {others.length > 0 && (
        <button type="button" class="button" disabled={action.busy.value} onClick={() => action.run()}>
          {texts.security.sessions.endOthers}
        </button>
      )}
    </Part>
  )
}

function SessionRow({ session: { id, device, address, seenMs, current } }: { session: SessionInfo }) {
  const name = device || texts.security.sessions.unknown
  const action = useAction(async () => {
    await securityApi.endSession(id)
    sessions.value = sessions.value.filter((one) => one.id !== id)
    toast('done', texts.security.sessions.ended(name))
  })
  return (
    <Row title={name} facts={texts.security.sessions.facts(address, dateText(seenMs / 1000))}>
      {current ? (
        <span class="chip ok">{texts.security.sessions.current}</span>
      ) : (
        <button
          type="button"
          class="button quiet"
          disabled={action.busy.value}
          onClick={() => action.run()}
          aria-label={texts.security.sessions.endOf(name)}
        >
          {texts.security.sessions.end}
        </button>
      )}
    </Row>
  )
}
