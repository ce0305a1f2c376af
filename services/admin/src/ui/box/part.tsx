import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Notice } from '../parts/notice.tsx'
import { Spinner } from '../parts/progress.tsx'
import { faults } from './state.ts'
import { texts } from '../texts/texts.ts'

interface PartProps<T> {
  title: string
  /** Where what it shows comes from. */
  from: 'updates' | 'disks' | 'access'
  shown: T | null
  wide?: boolean
  children: (shown: T) => ComponentChildren
}

/** A card of the page: waits for what it shows, or says why that cannot be read. */
export function Part<T>({ title, from, shown, wide = false, children }: PartProps<T>) {
  const id = useId()
  const fault = faults.value[from]
  return (
    <section class={wide ? 'card box-wide' : 'card'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {fault !== undefined && <Notice kind="bad">{fault}</Notice>}
      {shown !== null ? children(shown) : fault === undefined && <Spinner label={texts.shell.loading} />}
    </section>
  )
}
