import { toggleSelected } from './folder.ts'

const LONG_MS = 500
const TREMBLE_PX = 10

/** The finger that is down, one at a time. */
let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | null = null
/** The finger chose already: lifting it opens nothing. */
let chose = false

function end(): void {
  if (press !== null) clearTimeout(press.timer)
  press = null
}

/** A finger that stays on an entry chooses it. */
export function longPress(name: string) {
  return {
    onPointerDown: (event: PointerEvent) => {
      end()
      chose = false
      if (event.pointerType !== 'touch' || (event.target as Element).closest('button, input')) return
      const timer = setTimeout(() => {
        press = null
        chose = true
        toggleSelected(name)
      }, LONG_MS)
      press = { timer, x: event.clientX, y: event.clientY }
    },
    onPointerMove: (event: PointerEvent) => {
      if (press !== null && Math.hypot(event.clientX - press.x, event.clientY - press.y) > TREMBLE_PX) end()
    },
    onPointerUp: end,
    onPointerCancel: end,
    onContextMenu: (event: MouseEvent) => {
      if (press !== null || chose) event.preventDefault()
    },
    onClickCapture: (event: MouseEvent) => {
      if (!chose) return
      chose = false
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
