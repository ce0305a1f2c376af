import type { PhotoChoice, PhotoStatus } from '@holt/control/photos.ts'
import { sendJson } from './request.ts'

export type { PhotoChoice, PhotoStatus }

/** Calls on the pictures of the phone. Each may throw a Refusal. */
export const photoApi = {
  status: () => sendJson<PhotoStatus>('GET', 'api/photos'),
  set: (choice: PhotoChoice) => sendJson<PhotoStatus>('PUT', 'api/photos', { body: choice }),
  askAccess: () => sendJson<{ asked: boolean }>('POST', 'api/photos/access', { body: {} }),
}
