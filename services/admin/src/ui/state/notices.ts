import { signal } from '@preact/signals'
import { listen } from '../activity/live.ts'
import { type Notice, noticeApi } from '../api/notice-calls.ts'

/** What the one who is signed in was told, newest first; null before it is known. */
export const notices = signal<readonly Notice[] | null>(null)
export const unread = signal(0)

export async function readNotices(): Promise<void> {
  const answer = await noticeApi.list()
  notices.value = answer.notices
  unread.value = answer.unread
}

/** Shown at once; when the node does not hear of it, they are unread again with the next look. */
export async function markRead(which?: number[]): Promise<void> {
  notices.value = (notices.value ?? []).map((one) => (which === undefined || which.includes(one.n) ? { ...one, read: true } : one))
  unread.value = notices.value.filter(({ read }) => !read).length
  await noticeApi.read(which)
}

/** Hears what is new while somebody is signed in. @returns what ends it. */
export function listenForNotices(): () => void {
  const read = (): void => {
    readNotices().catch(() => {})
  }
  read()
  const stop = listen({ notice: read, gap: read })
  return () => {
    stop()
    notices.value = null
    unread.value = 0
  }
}
