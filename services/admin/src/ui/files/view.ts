import { signal } from '@preact/signals'

export type View = 'list' | 'grid'

const REMEMBERED = 'holt.files.view'

function remembered(): View {
  try {
    return localStorage.getItem(REMEMBERED) === 'grid' ? 'grid' : 'list'
  } catch {
    return 'list' // a browser that keeps nothing
  }
}

/** How folders show on this device. */
export const view = signal<View>(remembered())

export function showAs(chosen: View): void {
  view.value = chosen
  try {
    localStorage.setItem(REMEMBERED, chosen)
  } catch {
    // it holds until the page is left
  }
}
