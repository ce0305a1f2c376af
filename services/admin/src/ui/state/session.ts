import { signal } from '@preact/signals'
import { api, type SessionState } from '../api/calls.ts'
import { onSignedOut, refusalOf } from '../api/request.ts'

/**
 * loading → offline | set-up | signed-out | signed-in; set-up lasts until the wizard is finished, also while signed in.
 */
export const session = signal<'loading' | 'offline' | 'set-up' | 'signed-out' | 'signed-in'>('loading')

/** Who is signed in. */
export const person = signal<SessionState['person'] | null>(null)

onSignedOut(() => {
  if (session.value === 'signed-in') session.value = 'signed-out'
})

export async function readSession(): Promise<void> {
  try {
    const { state, setUpFinished, person: who } = await api.session()
    person.value = who ?? null
    if (state === 'set-up') session.value = 'set-up'
    else if (state === 'signed-out') session.value = 'signed-out'
    else session.value = setUpFinished ? 'signed-in' : 'set-up'
  } catch (error) {
    session.value = 'offline'
    if (refusalOf(error).code !== 'OFFLINE') throw error
  }
}
