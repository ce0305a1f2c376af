import { useEffect } from 'preact/hooks'
import { openFileDialog } from './file-dialogs.tsx'
import { selectAll } from './folder.ts'

/** Keys that work wherever the focus is, but for where one types and in dialogs. */
export function usePageKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement
      if (target.closest('input:not([type=checkbox]), textarea, select, dialog, [role=menu]') || event.altKey) return
      const withControl = event.ctrlKey || event.metaKey
      if (event.key === '?' && !withControl) openFileDialog({ kind: 'keys' })
      else if (event.key === '/' && !withControl) document.querySelector<HTMLElement>('.search-input')?.focus()
      else if (event.key === 'a' && withControl) selectAll(true)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
