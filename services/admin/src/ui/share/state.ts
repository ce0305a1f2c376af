import { signal } from '@preact/signals'
import { api, type ShareInfo } from '../api/calls.ts'

/** null until they are read. */
export const shares = signal<readonly ShareInfo[] | null>(null)

export async function readShares(): Promise<void> {
  shares.value = (await api.shares()).shares
}

export const DAY_SECONDS = 86_400
export const spans = { day: DAY_SECONDS, week: 7 * DAY_SECONDS, month: 30 * DAY_SECONDS, ever: null } as const
export type Span = keyof typeof spans

export function expiryOf(span: Span, nowMs = Date.now()): number | null {
  const seconds = spans[span]
  return seconds === null ? null : Math.floor(nowMs / 1000) + seconds
}

/** What is handed to others: under the address by which this page is open. */
export function linkOf({ secret }: Pick<ShareInfo, 'secret'>, page = window.location.href): string {
  return new URL(`s/#${secret}`, page.split('#')[0]).href
}

/** Where others have no way to. */
export function isOnlyHere(hostname = window.location.hostname): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
