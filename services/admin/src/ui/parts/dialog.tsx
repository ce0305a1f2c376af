import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { Icon } from './icons.tsx'

interface DialogProps {
  title: string
  onClose: () => void
  children: ComponentChildren
  wide?: boolean
}

/** Where the focus was when this came to be, to give it back: asked while rendering, before a child takes it. */
export function useFocusBefore(): { focus: () => void } {
  const element = useRef(document.activeElement).current
  return {
    focus: () => {
      if (element instanceof HTMLElement && element.isConnected) element.focus()
    },
  }
}

/** A modal: the browser keeps the focus inside and closes it by Escape; the focus goes back to where it was. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  const before = useFocusBefore()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Left to itself the browser begins with the first button, which closes it.
    const begin = dialog?.querySelector<HTMLElement>('[data-begin]') ?? dialog?.querySelector('h2')
    begin?.focus()
    return () => {
      dialog?.close()
      before.focus()
    }
  }, [])
  // Another title: it shows something else now, and what had the focus may have gone with what it showed before.
  useEffect(() => {
    const dialog = ref.current
    if (dialog !== null && !dialog.contains(document.activeElement)) dialog.querySelector('h2')?.focus()
  }, [title])
  return (
    <dialog
      ref={ref}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={id} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="button icon-only quiet" aria-label={texts.common.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}

export function DialogButtons({ children }: { children: ComponentChildren }) {
  return <footer class="dialog-buttons">{children}</footer>
}
