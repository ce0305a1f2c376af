import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Lists up to this length are drawn whole, which leaves the browser's own search and printing as they are. */
const DRAWN_WHOLE = 400
/** Rows beyond the edges of the window, so that quick scrolling shows no gap. */
const MARGIN_ROWS = 30
/** The next rows are drawn when fewer than so many are left. */
const SPARE_ROWS = 12

export interface RowWindow {
  first: number
  /** Not included. */
  last: number
  /** Of the room that stands for the rows before and after, in pixels. */
  beforePx: number
  afterPx: number
}

/**
 * Which rows of a long list of equal heights are drawn: those that can be seen, and some around them. The list keeps the height it would have.
 *
 * @param body holds the rows; those for the room around them have the class `room`.
 */
export function useRowWindow(body: RefObject<HTMLElement | null>, count: number): RowWindow & { show(index: number): void } {
  const first = useSignal(0)
  const last = useSignal(DRAWN_WHOLE)
  const rowPx = useSignal(59)
  const isWhole = count <= DRAWN_WHOLE
  const look = (): void => {
    const top = body.current?.getBoundingClientRect().top
    if (top === undefined || isWhole) return
    const from = Math.floor(-top / rowPx.value)
    const to = Math.ceil((window.innerHeight - top) / rowPx.value)
    const isEnough = first.value <= Math.max(0, from - SPARE_ROWS) && last.value >= Math.min(count, to + SPARE_ROWS)
    if (isEnough && last.value - first.value < to - from + 4 * MARGIN_ROWS) return
    first.value = Math.max(0, Math.min(from - MARGIN_ROWS, count - 1))
    last.value = Math.max(first.value + 1, to + MARGIN_ROWS)
  }
  useEffect(() => {
    const measured = requestAnimationFrame(() => {
      const row = body.current?.querySelector<HTMLElement>(':scope > :not(.room)')
      if (row && row.offsetHeight > 0) rowPx.value = row.getBoundingClientRect().height
      look()
    })
    return () => cancelAnimationFrame(measured)
  })
  useEffect(() => {
    if (isWhole) return
    let asked = 0
    const soon = (): void => {
      cancelAnimationFrame(asked)
      asked = requestAnimationFrame(look)
    }
    window.addEventListener('scroll', soon, { passive: true })
    window.addEventListener('resize', soon)
    return () => {
      cancelAnimationFrame(asked)
      window.removeEventListener('scroll', soon)
      window.removeEventListener('resize', soon)
    }
  }, [isWhole, count])
  const shown = isWhole ? { first: 0, last: count } : { first: Math.min(first.value, count - 1), last: Math.min(last.value, count) }
  return {
    ...shown,
    beforePx: shown.first * rowPx.value,
    afterPx: (count - shown.last) * rowPx.value,
    show: (index) => scrollToRow(body.current, index, rowPx.value),
  }
}

/** Scrolls as little as brings the row into view. */
function scrollToRow(body: HTMLElement | null, index: number, rowPx: number): void {
  if (body === null) return
  const top = body.getBoundingClientRect().top + index * rowPx
  const edge = 90 // bars at the top and, on a phone, at the bottom
  if (top < edge) window.scrollBy({ top: top - edge, behavior: 'instant' })
  else if (top + rowPx > window.innerHeight - edge) window.scrollBy({ top: top + rowPx - window.innerHeight + edge, behavior: 'instant' })
}
