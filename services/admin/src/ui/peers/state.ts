import { signal } from '@preact/signals'
import { api, type PeersStatus } from '../api/calls.ts'
import { toastRefusal } from '../state/toasts.ts'

/** null until it was read. */
export const peers = signal<PeersStatus | null>(null)

const LOOK_EVERY_MS = 5000

export async function readPeers(): Promise<void> {
  peers.value = await api.peers()
}

/** While the page is looked at. @returns how to end it. */
export function followPeers(): () => void {
  readPeers().catch(toastRefusal)
  // what goes wrong later shows itself in what is done next
  const timer = setInterval(() => void readPeers().catch(() => {}), LOOK_EVERY_MS)
  return () => clearInterval(timer)
}
