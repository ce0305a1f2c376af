import { sendJson } from './request.ts'

export type NoticeKind =
  | 'drive-missing'
  | 'drive-failing'
  | 'storage-full'
  | 'repair-needed'
  | 'repair-finished'
  | 'update-ready'
  | 'update-installed'
  | 'key-not-kept'
  | 'files-merged'
  | 'share-ends'
  | 'folder-request'
  | 'folder-offered'
  | 'new-device'
  | 'password-changed'

export interface Notice {
  n: number
  kind: NoticeKind
  about: string
  timeMs: number
  read: boolean
}

export interface PushDevice {
  id: string
  device: string
  kinds: NoticeKind[]
  createdMs: number
  failing: boolean
}

export interface PushState {
  key: string
  kinds: NoticeKind[]
  devices: PushDevice[]
}

export interface PushWish {
  endpoint: string
  p256dh: string
  auth: string
  language: string
  kinds: NoticeKind[]
}

/** Each may throw a Refusal. */
export const noticeApi = {
  list: () => sendJson<{ notices: Notice[]; unread: number }>('GET', 'api/notices'),
  read: (which?: number[]) => sendJson<void>('POST', 'api/notices/read', { body: which === undefined ? {} : { which } }),
  push: () => sendJson<PushState>('GET', 'api/push'),
  subscribe: (wish: PushWish) => sendJson<{ id: string }>('PUT', 'api/push', { body: wish }),
  unsubscribe: (id: string) => sendJson<void>('DELETE', `api/push/${id}`),
  test: (id: string) => sendJson<void>('POST', `api/push/${id}/test`),
}
