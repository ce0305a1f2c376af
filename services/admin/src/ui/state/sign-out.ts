import { api } from '../api/calls.ts'
import { refusalOf } from '../api/request.ts'
import { forgetUploads } from '../files/remembered-uploads.ts'

const OWED = 'holt-sign-out-owed'

/**
 * Forgets in this browser what belongs to who was signed in: what was in memory goes with the document. A node that does not answer is
 * told when it does, before anything of it is shown. @throws Refusal
 */
export async function signOut(): Promise<void> {
  try {
    await api.signOut()
  } catch (error) {
    if (refusalOf(error).code !== 'OFFLINE' || !owe(true)) throw error
  }
  await forgetUploads()
  beginAnew()
}

/** Signs out where that is still owed. @throws Refusal OFFLINE and others: then it still is. */
export async function signOutIfOwed(): Promise<void> {
  if (!isOwed()) return
  await api.signOut()
  owe(false)
}

/** Without what stood behind the `#`: that would be no new document. */
export function beginAnew(): void {
  window.location.replace(window.location.pathname)
}

function isOwed(): boolean {
  try {
    return localStorage.getItem(OWED) !== null
  } catch {
    return false
  }
}

/** @returns whether this browser keeps it. */
function owe(owed: boolean): boolean {
  try {
    if (owed) localStorage.setItem(OWED, '1')
    else localStorage.removeItem(OWED)
    return true
  } catch {
    return false
  }
}
