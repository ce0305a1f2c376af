import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from './api/calls.ts'
import { BoxPage } from './box/box-page.tsx'
import { FilesPage } from './files/files-page.tsx'
import { UploadPanel } from './files/upload-panel.tsx'
import { NetworkPage } from './network/network-page.tsx'
import { OwnerPage } from './owner/owner-page.tsx'
import { Icon, type IconName, Logo } from './parts/icons.tsx'
import { Notice } from './parts/notice.tsx'
import { hrefOf, type Place, place } from './state/location.ts'
import { session } from './state/session.ts'
import { toastRefusal } from './state/toasts.ts'
import { SystemPage } from './system/system-page.tsx'
import { StoragePage } from './storage/storage-page.tsx'
import { texts } from './texts/texts.ts'

const everyPlace: { target: Place; icon: IconName }[] = [
  { target: { page: 'files', path: '/' }, icon: 'folder' },
  { target: { page: 'storage' }, icon: 'drive' },
  { target: { page: 'network' }, icon: 'network' },
  { target: { page: 'box' }, icon: 'box' },
  { target: { page: 'system' }, icon: 'pulse' },
  { target: { page: 'owner' }, icon: 'user' },
]

const boxOnly = new Set<Place['page']>(['network', 'box'])

/** What stands around every page of a signed-in owner: a bar at the side, on a phone at the bottom. */
export function Shell() {
  const { page } = place.value
  const problem = useSignal<string | null>(null)
  const isBox = useSignal(false)
  const places = everyPlace.filter(({ target }) => isBox.value || !boxOnly.has(target.page))
  useEffect(() => {
    api.status().then(({ state, problem: text, box }) => {
      isBox.value = box === true
      problem.value = state === 'failed' ? (text ?? '') : null
    }, toastRefusal)
  }, [])
  useEffect(() => {
    document.title = `${texts.shell.nav[page]} – ${texts.shell.product}`
  }, [page])
  return (
    <div class="shell">
      <a class="skip-link" href="#content" onClick={focusContent}>
        {texts.shell.nav.skip}
      </a>
      <aside class="side">
        <a class="brand" href={hrefOf({ page: 'files', path: '/' })}>
          <Logo size={34} />
          <span>{texts.shell.product}</span>
        </a>
        <nav class="nav" aria-label={texts.shell.nav.main}>
          {places.map(({ target, icon }) => (
            <a key={target.page} class="nav-link" href={hrefOf(target)} aria-current={target.page === page ? 'page' : undefined}>
              <Icon name={icon} size={22} />
              <span>{texts.shell.nav[target.page]}</span>
            </a>
          ))}
        </nav>
        <button type="button" class="nav-link sign-out" onClick={signOut} title={texts.shell.nav.signOut}>
          <Icon name="signOut" size={22} />
          <span>{texts.shell.nav.signOut}</span>
        </button>
      </aside>
      <main class="content" id="content" tabIndex={-1}>
        {problem.value !== null && (
          <Notice kind="bad">
            {texts.shell.failed} {problem.value}
          </Notice>
        )}
        <Page page={page} />
      </main>
      <UploadPanel />
    </div>
  )
}

function Page({ page }: Pick<Place, 'page'>) {
  switch (page) {
    case 'files':
      return <FilesPage />
    case 'storage':
      return <StoragePage />
    case 'network':
      return <NetworkPage />
    case 'box':
      return <BoxPage />
    case 'system':
      return <SystemPage />
    case 'owner':
      return <OwnerPage />
  }
}

function focusContent(event: Event): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

function signOut(): void {
  api.signOut().then(() => {
    session.value = 'signed-out'
  }, toastRefusal)
}
