import { computed, signal } from '@preact/signals'
import { api } from '../api/calls.ts'
import type { SessionPerson } from '../api/security-calls.ts'
import { onSignedOut, refusalOf } from '../api/request.ts'
import { beginAnew, signOutIfOwed } from './sign-out.ts'

/**
 * loading → offline | set-up | signed-out | signed-in; set-up lasts until the wizard is finished, also while signed in.
 */
export const session = signal<'loading' | 'offline' | 'set-up' | 'signed-out' | 'signed-in'>('loading')

/** Who is signed in; null while nobody is. */
export const person = signal<SessionPerson | null>(null)

/** Of whom this document may have something in memory, also after their session ended. */
let held: string | null = null

/** Pages show what the owner alone may do only then; the node refuses it to others whatever is shown. */
export const isOwner = computed(() => (person.value?.role ?? 'owner') === 'owner')

/** There are people besides the owner, who sign in with their names. */
export const hasOthers = signal(false)

onSignedOut(() => {
  if (session.value === 'signed-in') session.value = 'signed-out'
})

export async function readSession(): Promise<void> {
  try {
    await signOutIfOwed()
    const { state, setUpFinished, person: caller, others } = await api.session()
    // What the page holds of one person is not for the next.
    if (caller && held !== null && caller.id !== held) return beginAnew()
    held = caller?.id ?? held
    person.value = caller ?? null
    hasOthers.value = others
    if (state === 'set-up') session.value = 'set-up'
    else if (state === 'signed-out') session.value = 'signed-out'
    else session.value = setUpFinished ? 'signed-in' : 'set-up'
  } catch (error) {
    session.value = 'offline'
    if (refusalOf(error).code !== 'OFFLINE') throw error
  }
}
