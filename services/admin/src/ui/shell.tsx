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
import { texts } from './texts.ts'

const everyPlace: { target: Place; icon: IconName; text: string }[] = [
  { target: { page: 'files', path: '/' }, icon: 'folder', text: texts.nav.files },
  { target: { page: 'storage' }, icon: 'drive', text: texts.nav.storage },
  { target: { page: 'network' }, icon: 'network', text: texts.nav.network },
  { target: { page: 'box' }, icon: 'box', text: texts.nav.box },
  { target: { page: 'system' }, icon: 'pulse', text: texts.nav.system },
  { target: { page: 'owner' }, icon: 'user', text: texts.nav.owner },
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
    document.title = `${texts.nav[page]} – ${texts.product}`
  }, [page])
  return (
    <div class="shell">
      <a class="skip-link" href="#content" onClick={focusContent}>
        {texts.nav.skip}
      </a>
      <aside class="side">
        <a class="brand" href={hrefOf({ page: 'files', path: '/' })}>
          <Logo size={34} />
          <span>{texts.product}</span>
        </a>
        <nav class="nav" aria-label={texts.nav.main}>
          {places.map(({ target, icon, text }) => (
            <a key={target.page} class="nav-link" href={hrefOf(target)} aria-current={target.page === page ? 'page' : undefined}>
              <Icon name={icon} size={22} />
              <span>{text}</span>
            </a>
          ))}
        </nav>
        <button type="button" class="nav-link sign-out" onClick={signOut} title={texts.nav.signOut}>
          <Icon name="signOut" size={22} />
          <span>{texts.nav.signOut}</span>
        </button>
      </aside>
      <main class="content" id="content" tabIndex={-1}>
        {problem.value !== null && (
          <Notice kind="bad">
            {texts.failed} {problem.value}
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
