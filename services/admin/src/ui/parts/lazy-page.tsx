import { signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { pages } from '../pages.ts'
import type { PageName } from '../state/page-names.ts'
import { texts } from '../texts/texts.ts'
import { Notice } from './notice.tsx'
import { Spinner } from './progress.tsx'

const loaded = signal<Partial<Record<PageName, ComponentType>>>({})
const failed = signal<PageName | null>(null)

/** Loads a page's code; a second call costs nothing. */
export async function loadPage(name: PageName): Promise<void> {
  if (loaded.value[name]) return
  const page = await pages[name].load()
  loaded.value = { ...loaded.value, [name]: page }
}

/** A page whose code comes when it is first looked at. What does not come says so, and can be asked for again. */
export function LazyPage({ name }: { name: PageName }) {
  const Page = loaded.value[name]
  const ask = (): void => {
    failed.value = null
    loadPage(name).catch(() => {
      failed.value = name
    })
  }
  useEffect(ask, [name])
  if (Page) return <Page />
  if (failed.value !== name) return <Spinner label={texts.shell.loading} />
  return (
    <Notice kind="bad">
      {texts.shell.offline.title}{' '}
      <button type="button" class="button" onClick={ask}>
        {texts.common.retry}
      </button>
    </Notice>
  )
}
