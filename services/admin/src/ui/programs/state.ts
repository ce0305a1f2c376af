import { signal } from '@preact/signals'
import { type InstalledInfo, programApi } from '../api/program-calls.ts'
import { toastRefusal } from '../state/toasts.ts'

/** null until it was read; by title. */
export const programs = signal<readonly InstalledInfo[] | null>(null)

const LOOK_EVERY_MS = 2000

export async function readPrograms(): Promise<void> {
  const found = await programApi.list()
  programs.value = [...found.programs].sort((a, b) => a.title.localeCompare(b.title))
}

/** What a call answered about one of them. */
export function setProgram(program: InstalledInfo): void {
  programs.value = programs.value?.map((one) => (one.id === program.id ? program : one)) ?? null
}

/** Does this now and again while somebody looks. @returns how to end it. */
export function whileLooking(work: () => Promise<void>): () => void {
  work().catch(toastRefusal)
  const timer = setInterval(() => {
    if (!document.hidden) work().catch(() => {})
  }, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

/** Where a browser here finds the page of a program; null: only one on the node's own machine does. */
export function pageAddress({ page, grants }: InstalledInfo): string | null {
  if (page === null) return null
  const { hostname } = window.location
  if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname.endsWith('.localhost')) return page.url
  const toNetwork = grants.some((grant) => grant.kind === 'page' && grant.network)
  return toNetwork ? `http://${hostname}:${page.port}/` : null
}

/** A principal as people compare it: its end differs, its beginning is alike. */
export function shortAuthor(author: string): string {
  return author.length > 20 ? `${author.slice(0, 8)}…${author.slice(-8)}` : author
}
