import { signal } from '@preact/signals'
import { type PhotoChoice, photoApi, type PhotoStatus } from '../api/photo-calls.ts'
import { refusalOf } from '../api/request.ts'
import { toast, toastRefusal } from '../state/toasts.ts'
import { refusalText } from '../texts/refusal-text.ts'
import { texts } from '../texts/texts.ts'

/** null before it is known. */
export const photos = signal<PhotoStatus | null>(null)
/** Why it cannot be known. */
export const fault = signal<string | null>(null)

const AGAIN_MS = 2000

/** While the page is looked at. @returns what ends it. */
export function lookAtPhotos(): () => void {
  const read = (): void => {
    if (document.visibilityState === 'hidden') return
    photoApi.status().then(
      (status) => {
        photos.value = status
        fault.value = null
      },
      (error: unknown) => {
        fault.value = refusalText(refusalOf(error))
      },
    )
  }
  read()
  const timer = setInterval(read, AGAIN_MS)
  return () => clearInterval(timer)
}

export async function change(choice: PhotoChoice): Promise<void> {
  photos.value = await photoApi.set(choice)
}

export function changeAtOnce(choice: PhotoChoice): void {
  change(choice).catch(toastRefusal)
}

export async function askAccess(): Promise<void> {
  if (!(await photoApi.askAccess()).asked) toast('bad', texts.photos.appClosed)
}
