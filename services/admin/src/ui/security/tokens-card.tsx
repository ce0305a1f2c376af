import { useSignal } from '@preact/signals'
import { securityApi, type TokenInfo } from '../api/security-calls.ts'
import { dateText } from '../format.ts'
import { Icon } from '../parts/icons.tsx'
import { toast } from '../state/toasts.ts'
import { useAction } from '../state/use-action.ts'
import { texts } from '../texts/texts.ts'
import { Part, Row } from './part.tsx'
import { tokens } from './state.ts'
import { TokenDialog } from './token-dialog.tsx'

/** Keys for programs of other people. */
export function TokensCard({ isOwner }: { isOwner: boolean }) {
  const making = useSignal(false)
  return (
    <Part id="tokens" title={texts.security.tokens.title} text={texts.security.tokens.text}>
      <ul class="guard-list">
        {tokens.value.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </ul>
      <button type="button" class="button" onClick={() => (making.value = true)}>
        <Icon name="plus" />
        {texts.security.tokens.make}
      </button>
      {making.value && <TokenDialog isOwner={isOwner} onClose={() => (making.value = false)} />}
    </Part>
  )
}

function TokenRow({ token: { id, name, write, calls, paths, expiresMs, usedMs } }: { token: TokenInfo }) {
  const action = useAction(async () => {
    await securityApi.revokeToken(id)
    tokens.value = tokens.value.filter((one) => one.id !== id)
    toast('done', texts.security.tokens.revoked(name))
  })
  const facts = [
    write ? texts.security.share.write : texts.security.share.read,
    calls.map((call) => texts.security.tokens.calls[call]).join(', '),
    ...(paths ?? []),
    expiresMs === null ? texts.security.tokens.forEver : texts.security.tokens.until(dateText(expiresMs / 1000)),
    usedMs === null ? texts.security.neverUsed : texts.security.used(dateText(usedMs / 1000)),
  ]
  return (
    <Row title={name} facts={facts.join(' · ')}>
      <button
        type="button"
        class="button quiet"
        disabled={action.busy.value}
        onClick={() => action.run()}
        aria-label={texts.security.tokens.revokeOf(name)}
      >
        {texts.security.tokens.revoke}
      </button>
    </Row>
  )
}
