import '../style/box.css'
import { useEffect } from 'preact/hooks'
import { AccountCard, ClockCard } from './access-cards.tsx'
import { Away, away } from './away.tsx'
import { DisksCard } from './disks-card.tsx'
import { LockCard } from './lock-card.tsx'
import { PowerCard } from './power-card.tsx'
import { SshCard } from './ssh-card.tsx'
import { watchBox } from './state.ts'
import { UpdatesCard } from './updates-card.tsx'
import { texts } from '../texts/texts.ts'

/** The machine under the node: its system, its drives, who gets in, its switch. */
export function BoxPage() {
  useEffect(watchBox, [])
  return (
    <>
      <header class="page-head">
        <h1>{texts.box.title}</h1>
      </header>
      <div class="box-page">
        <UpdatesCard />
        <DisksCard />
        <SshCard />
        <div class="box-column">
          <AccountCard />
          <ClockCard />
          <LockCard />
        </div>
        <PowerCard />
      </div>
      {away.value !== null && <Away what={away.value} />}
    </>
  )
}
