import { useRef } from 'preact/hooks'

/** Fingers tremble: less is no swipe. */
const SWIPE_PX = 56

export interface SwipeHandlers {
  onPointerDown: (event: PointerEvent) => void
  onPointerUp: (event: PointerEvent) => void
  onPointerCancel: () => void
}

/** What takes fingers itself. */
const busy = 'video, audio, iframe, input, a, button'

/**
 * A finger that wipes across. In what was made larger by two fingers it moves that, and nothing else.
 *
 * @param onSwipe `next` when it moves to where a line begins, as one turns a page.
 */
export function useSwipe(onSwipe: (to: 'next' | 'previous') => void): SwipeHandlers {
  const begun = useRef<{ id: number; x: number; y: number } | null>(null)
  const fingers = useRef(0)
  return {
    onPointerDown: (event) => {
      if (event.pointerType === 'mouse') return
      fingers.current = event.isPrimary ? 1 : fingers.current + 1
      const isFree = fingers.current === 1 && (window.visualViewport?.scale ?? 1) < 1.05 && !(event.target as Element).closest(busy)
      begun.current = isFree ? { id: event.pointerId, x: event.clientX, y: event.clientY } : null
    },
    onPointerUp: (event) => {
      const from = begun.current
      begun.current = null
      if (from === null || from.id !== event.pointerId) return
      const across = event.clientX - from.x
      if (Math.abs(across) < SWIPE_PX || Math.abs(across) < 2 * Math.abs(event.clientY - from.y)) return
      onSwipe(across < 0 === readsForward() ? 'next' : 'previous')
    },
    onPointerCancel: () => {
      begun.current = null
    },
  }
}

/** A line goes from left to right. */
export function readsForward(): boolean {
  return getComputedStyle(document.documentElement).direction !== 'rtl'
}
