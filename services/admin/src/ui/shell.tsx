import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api } from './api/calls.ts'
import { UploadPanel } from './files/upload-panel.tsx'
import { pages, pagesFor } from './pages.ts'
import { Icon, Logo } from './parts/icons.tsx'
import { LazyPage, loadPage } from './parts/lazy-page.tsx'
import { Menu } from './parts/menu.tsx'
import { Notice } from './parts/notice.tsx'
import { Confirmer } from './security/confirm.tsx'
import { go, hrefOf, place } from './state/location.ts'
import type { PageName } from './state/page-names.ts'
import { listenForNotices, unread } from './state/notices.ts'
import { isOwner } from './state/session.ts'
import { signOut } from './state/sign-out.ts'
import { toastRefusal } from './state/toasts.ts'
import { texts } from './texts/texts.ts'

/** So many fit a phone's bar, and one more: the others. */
const IN_THE_BAR = 4
/** What was looked at first is there; the others come while nothing else does. */
const FETCH_OTHERS_AFTER_MS = 2000

/** What stands around every page of somebody signed in: a bar at the side, on a phone at the bottom. */
export function Shell() {
  const problem = useSignal<string | null>(null)
  const isBox = useSignal(false)
  const isPhone = useSignal(false)
  const theirs = (): PageName[] => pagesFor({ isOwner: isOwner.value, isBox: isBox.value, isPhone: isPhone.value })
  const names = theirs()
  const wanted = place.value.page
  // Of a box or a phone it is not known yet whether there is one; what the page asks for is refused by the node itself.
  const page = isOwner.value || names.includes(wanted) ? wanted : 'files'
  useEffect(() => {
    if (!isOwner.value) return
    api.status().then(({ state, problem: text, box, phone }) => {
      isBox.value = box === true
      isPhone.value = phone === true
      problem.value = state === 'failed' ? (text ?? '') : null
    }, toastRefusal)
  }, [])
  useEffect(listenForNotices, [])
  useEffect(() => {
    const timer = setTimeout(() => {
      import('./notices/push-state.ts').then(({ keepSubscription }) => keepSubscription()).catch(() => {})
      for (const name of theirs()) loadPage(name).catch(() => {})
    }, FETCH_OTHERS_AFTER_MS)
    return () => clearTimeout(timer)
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
        <a class="brand" href={hrefOf(isOwner.value ? { page: 'home' } : { page: 'files', path: '/' })}>
          <Logo size={34} />
          <span>{texts.shell.product}</span>
        </a>
        <Navigation names={names} page={page} />
        <button type="button" class="nav-link sign-out" onClick={leave} title={texts.shell.nav.signOut}>
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
        <LazyPage name={page} />
      </main>
      <UploadPanel />
      <Confirmer />
    </div>
  )
}

function Navigation({ names, page }: { names: readonly PageName[]; page: PageName }) {
  // What is new is always in the bar, also on a phone.
  const bar: readonly PageName[] = names.filter((name) => name !== 'notices')
  const others = bar.slice(IN_THE_BAR)
  const more = others.map((name) => ({ text: texts.shell.nav[name], icon: pages[name].icon, onSelect: () => go(startOf(name)) }))
  return (
    <nav class="nav" aria-label={texts.shell.nav.main}>
      {bar.map((name, i) => (
        <a
          key={name}
          class={i < IN_THE_BAR ? 'nav-link' : 'nav-link nav-other'}
          href={hrefOf(startOf(name))}
          aria-current={name === page ? 'page' : undefined}
        >
          <Icon name={pages[name].icon} size={22} />
          <span>{texts.shell.nav[name]}</span>
        </a>
      ))}
      <a
        class="nav-link"
        href={hrefOf({ page: 'notices' })}
        aria-current={page === 'notices' ? 'page' : undefined}
        aria-label={unread.value > 0 ? `${texts.shell.nav.notices}: ${texts.notices.unread(unread.value)}` : undefined}
      >
        <span class="nav-bell">
          <Icon name="bell" size={22} />
          {unread.value > 0 && (
            <span class="nav-count" aria-hidden="true">
              {unread.value > 99 ? '99+' : unread.value}
            </span>
          )}
        </span>
        <span>{texts.shell.nav.notices}</span>
      </a>
      {more.length > 0 && (
        <Menu
          label={texts.shell.nav.others}
          items={[...more, { text: texts.shell.nav.signOut, icon: 'signOut', onSelect: leave }]}
          buttonClass={others.includes(page) ? 'nav-link nav-more now' : 'nav-link nav-more'}
        >
          <Icon name="more" size={22} />
          <span>{texts.common.more}</span>
        </Menu>
      )}
    </nav>
  )
}

function startOf(name: PageName): { page: 'files'; path: string } | { page: Exclude<PageName, 'files'> } {
  return name === 'files' ? { page: name, path: '/' } : { page: name }
}

function focusContent(event: Event): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

function leave(): void {
  signOut().catch(toastRefusal)
}
