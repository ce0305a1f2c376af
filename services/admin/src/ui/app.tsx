import { Icon, Logo } from './parts/icons.tsx'
import { Spinner } from './parts/progress.tsx'
import { Toaster } from './parts/toaster.tsx'
import { Wizard } from './setup/wizard.tsx'
import { InvitedPage } from './security/invited-page.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'
import { invitation } from './state/location.ts'
import { readSession, session } from './state/session.ts'
import { toastRefusal } from './state/toasts.ts'
import { language } from './texts/language.ts'
import { texts } from './texts/texts.ts'

export function App() {
  return (
    <>
      <Stage key={language.value} />
      <Toaster />
    </>
  )
}

function Stage() {
  switch (session.value) {
    case 'loading':
      return (
        <main class="centre">
          <Spinner label={texts.shell.loading} />
        </main>
      )
    case 'offline':
      return <Offline />
    case 'set-up':
      return <Wizard />
    case 'signed-out':
      return invitation.value === null ? <SignIn /> : <InvitedPage code={invitation.value} />
    case 'signed-in':
      return <Shell />
  }
}

function Offline() {
  return (
    <main class="centre">
      <div class="card narrow">
        <Logo size={44} />
        <h1>{texts.shell.offline.title}</h1>
        <p>{texts.shell.offline.text}</p>
        <button type="button" class="button primary" onClick={() => readSession().catch(toastRefusal)}>
          <Icon name="history" />
          {texts.shell.offline.again}
        </button>
      </div>
    </main>
  )
}
