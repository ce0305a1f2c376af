import { useSignal } from '@preact/signals'
import { type Access, api } from '../api/calls.ts'
import { exactDateText } from '../format.ts'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { hrefOf } from '../state/location.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { Part } from './part.tsx'
import { access, readAccess } from './state.ts'
import { words } from './texts.ts'

export function AccountCard() {
  return (
    <Part title={words.account.title} from="access" shown={access.value}>
      {({ account: { hasPassword, isPages } }) => {
        if (isPages)
          return (
            <p class="lead">
              {words.account.same} <a href={hrefOf({ page: 'owner' })}>{words.account.toOwner}</a>
            </p>
          )
        return hasPassword === null ? <p class="lead">{words.account.unknown}</p> : <JoinForm hasPassword={hasPassword} />
      }}
    </Part>
  )
}

/** One password instead of two. */
function JoinForm({ hasPassword }: { hasPassword: boolean }) {
  const accountPassword = useSignal('')
  const password = useSignal('')
  const action = useAction(async () => {
    await api.joinAccount({ password: password.value, ...(hasPassword ? { accountPassword: accountPassword.value } : {}) })
    await readAccess()
    toast('done', words.account.joined)
  })
  return (
    <form onSubmit={action.run}>
      <p class="lead">{hasPassword ? words.account.other : words.account.missing}</p>
      {hasPassword && (
        <Field
          label={words.account.accountPassword}
          type="password"
          value={accountPassword.value}
          onInput={(value) => (accountPassword.value = value)}
        />
      )}
      <Field
        label={words.account.password}
        type="password"
        autocomplete="current-password"
        value={password.value}
        onInput={(value) => (password.value = value)}
        error={action.error.value}
      />
      <div class="box-buttons">
        <button type="submit" class="button primary" disabled={action.busy.value || password.value === ''}>
          {words.account.join}
        </button>
      </div>
    </form>
  )
}

export function ClockCard() {
  return (
    <Part title={words.clock.title} from="access" shown={access.value}>
      {({ time }) => (time === null ? <p class="lead">{words.clock.unknown}</p> : <Clock time={time} />)}
    </Part>
  )
}

function Clock({ time: { now, synchronized, zone, server } }: { time: NonNullable<Access['time']> }) {
  const action = useAction(async () => {
    await api.setTime(Date.now() / 1000)
    await readAccess()
    toast('done', words.clock.done)
  })
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{words.clock.now}</dt>
          <dd>{exactDateText(now)}</dd>
        </div>
        <div>
          <dt>{words.clock.zone}</dt>
          <dd>{zone}</dd>
        </div>
        <div>
          <dt>{words.clock.source}</dt>
          <dd>{synchronized ? words.clock.network(server) : words.clock.nobody}</dd>
        </div>
      </dl>
      {!synchronized && (
        <>
          <Notice kind="warn">{words.clock.wrong}</Notice>
          {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
          <button type="button" class="button" onClick={action.run} disabled={action.busy.value}>
            {words.clock.set}
          </button>
        </>
      )}
    </>
  )
}
