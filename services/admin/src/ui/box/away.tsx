import { signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { api } from '../api/calls.ts'
import { Logo } from '../parts/icons.tsx'
import { Spinner } from '../parts/progress.tsx'
import { texts } from '../texts/texts.ts'

/** Why the box is about to be away; null while it is there. */
export const away = signal<'restart' | 'shutdown' | 'reset' | null>(null)

export async function restart(): Promise<void> {
  await api.restartBox()
  away.value = 'restart'
}

const ASK_EVERY_MS = 3000
const LONG_MS = 3 * 60_000

/** Covers the page until the box is back, then begins anew: the page may be of another version. */
export function Away({ what }: { what: NonNullable<typeof away.value> }) {
  const long = useSignal(false)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  useEffect(() => {
    if (what === 'shutdown') return undefined
    const timer = setInterval(
      askAgain(() => window.location.reload()),
      ASK_EVERY_MS,
    )
    const patience = setTimeout(() => (long.value = true), LONG_MS)
    return () => {
      clearInterval(timer)
      clearTimeout(patience)
    }
  }, [])
  return (
    <div class="box-away centre" role="alertdialog" aria-modal="true" aria-labelledby="away-title">
      <div class="card narrow">
        <Logo size={44} />
        <h1 id="away-title" ref={title} tabIndex={-1}>
          {texts.box.away[what]}
        </h1>
        <p>{what === 'restart' && long.value ? texts.box.away.restartLong : texts.box.away[`${what}Text`]}</p>
        {what !== 'shutdown' && <Spinner label="" />}
      </div>
    </div>
  )
}

/** It is back when it answers after it did not. */
function askAgain(back: () => void): () => void {
  let wasGone = false
  let asking = false
  return () => {
    if (asking) return
    asking = true
    api
      .session()
      .then(
        () => wasGone && back(),
        () => {
          wasGone = true
        },
      )
      .finally(() => {
        asking = false
      })
  }
}
