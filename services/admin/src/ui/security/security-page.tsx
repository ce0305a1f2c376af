import { useEffect } from 'preact/hooks'
import '../style/security.css'
import { PasswordCard } from '../owner/password-card.tsx'
import { Icon } from '../parts/icons.tsx'
import { hrefOf } from '../state/location.ts'
import { isOwner } from '../state/session.ts'
import { texts } from '../texts/texts.ts'
import { CheckCard } from './check-card.tsx'
import { PasskeysCard } from './passkeys-card.tsx'
import { PeopleCard } from './people-card.tsx'
import { SessionsCard } from './sessions-card.tsx'
import { readSecurity } from './state.ts'
import { TokensCard } from './tokens-card.tsx'
import { WebdavCard } from './webdav-card.tsx'

/** Who gets in, by which way, and whether all is as it should be. */
export function SecurityPage() {
  useEffect(() => readSecurity(isOwner.value), [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.security.title}</h1>
        <div class="actions">
          <a class="button" href={hrefOf({ page: 'activity' })}>
            <Icon name="history" />
            {texts.shell.nav.activity}
          </a>
        </div>
      </header>
      <div class="security">
        {isOwner.value && <CheckCard />}
        {isOwner.value && <PeopleCard />}
        <SessionsCard />
        <PasskeysCard />
        <WebdavCard />
        <TokensCard isOwner={isOwner.value} />
        {!isOwner.value && <PasswordCard />}
      </div>
    </>
  )
}
