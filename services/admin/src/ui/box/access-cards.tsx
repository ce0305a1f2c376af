import { useSignal } from '@preact/signals'
import { type Access, api } from '../api/calls.ts'
import { exactDateText } from '../format.ts'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { hrefOf } from '../state/location.ts'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { Part } from './part.tsx'
import { access, readAccess } from './state.ts'
import { texts } from '../texts/texts.ts'

export function AccountCard() {
  return (
    <Part title={texts.box.account.title} from="access" shown={access.value}>
      {({ account: { hasPassword, isPages } }) => {
        if (isPages)
          return (
            <p class="lead">
              {texts.box.account.same} <a href={hrefOf({ page: 'owner' })}>{texts.box.account.toOwner}</a>
            </p>
          )
        return hasPassword === null ? <p class="lead">{texts.box.account.unknown}</p> : <JoinForm hasPassword={hasPassword} />
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
    toast('done', texts.box.account.joined)
  })
  return (
    <form onSubmit={action.run}>
      <p class="lead">{hasPassword ? texts.box.account.other : texts.box.account.missing}</p>
      {hasPassword && (
        <Field
          label={texts.box.account.accountPassword}
          type="password"
          value={accountPassword.value}
          onInput={(value) => (accountPassword.value = value)}
        />
      )}
      <PasswordField label={texts.box.account.password} value={password} error={action.error.value} />
      <div class="box-buttons">
        <button type="submit" class="button primary" disabled={action.busy.value || password.value === ''}>
          {texts.box.account.join}
        </button>
      </div>
    </form>
  )
}

export function ClockCard() {
  return (
    <Part title={texts.box.clock.title} from="access" shown={access.value}>
      {({ time }) => (time === null ? <p class="lead">{texts.box.clock.unknown}</p> : <Clock time={time} />)}
    </Part>
  )
}

function Clock({ time: { now, synchronized, zone, server } }: { time: NonNullable<Access['time']> }) {
  const action = useAction(async () => {
    await api.setTime(Date.now() / 1000)
    await readAccess()
    toast('done', texts.box.clock.done)
  })
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{texts.box.clock.now}</dt>
          <dd>{exactDateText(now)}</dd>
        </div>
        <div>
          <dt>{texts.box.clock.zone}</dt>
          <dd>{zone}</dd>
        </div>
        <div>
          <dt>{texts.box.clock.source}</dt>
          <dd>{synchronized ? texts.box.clock.network(server) : texts.box.clock.nobody}</dd>
        </div>
      </dl>
      {!synchronized && (
        <>
          <Notice kind="warn">{texts.box.clock.wrong}</Notice>
          {action.error.value && <Notice kind="bad">{action.error.value}</Notice>}
          <button type="button" class="button" onClick={action.run} disabled={action.busy.value}>
            {texts.box.clock.set}
          </button>
        </>
      )}
    </>
  )
}
