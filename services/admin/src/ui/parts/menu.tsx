import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { Icon, type IconName } from './icons.tsx'

export interface MenuItem {
  text: string
  icon: IconName
  onSelect: () => void
  danger?: boolean
}

interface MenuProps {
  label: string
  items: readonly MenuItem[]
  children: ComponentChildren
  buttonClass?: string
}

/** A button that opens a list of actions. It lies above everything; Escape or a click elsewhere closes it. */
export function Menu({ label, items, children, buttonClass = 'button icon-only quiet' }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)

  const place = (): void => {
    const at = button.current?.getBoundingClientRect()
    const menu = list.current
    if (!at || !menu) return
    const beginning = getComputedStyle(menu).direction === 'rtl' ? at.left : at.right - menu.offsetWidth
    const below = at.bottom + menu.offsetHeight + 8 < window.innerHeight
    menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - menu.offsetHeight - 4)}px`
    menu.style.left = `${Math.max(8, Math.min(beginning, window.innerWidth - menu.offsetWidth - 8))}px`
  }
  const onToggle = (event: Event): void => {
    if ((event as ToggleEvent).newState !== 'open') return
    place()
    list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Tab') list.current?.hidePopover()
    if (step === 0) return
    event.preventDefault()
    const now = buttons.indexOf(document.activeElement as HTMLElement)
    buttons[(now + step + buttons.length) % buttons.length]?.focus()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={buttonClass}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-controls={id}
        onClick={(event) => {
          event.stopPropagation()
          list.current?.togglePopover()
        }}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        class="menu"
        role="menu"
        popover="auto"
        aria-label={label}
        onToggle={onToggle}
        onKeyDown={onKeyDown}
        onClick={(event) => event.stopPropagation()}
      >
        {items.map((item) => (
          <button
            key={item.text}
            type="button"
            role="menuitem"
            class={item.danger ? 'menu-item danger' : 'menu-item'}
            onClick={() => {
              list.current?.hidePopover()
              button.current?.focus()
              item.onSelect()
            }}
          >
            <Icon name={item.icon} />
            {item.text}
          </button>
        ))}
      </div>
    </>
  )
}
