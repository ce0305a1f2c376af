import { signal } from '@preact/signals'
import { api, type Outlook, type PeersStatus } from '../api/calls.ts'
import { clusterApi, type ClusterStatus } from '../api/cluster-calls.ts'
import { toastRefusal } from '../state/toasts.ts'

/** null until it was read. */
export const peers = signal<PeersStatus | null>(null)
/** The owner's own; null until it was read. */
export const ownNodes = signal<ClusterStatus | null>(null)

/** How safe everything is with friends; null until it was read, and where the node cannot say. */
export const outlook = signal<Outlook | null>(null)

const LOOK_EVERY_MS = 5000

export async function readPeers(): Promise<void> {
  peers.value = await api.peers()
  ownNodes.value = await clusterApi.show()
}

/** It changes slowly. Never throws: without it the page says less. */
export async function readOutlook(): Promise<void> {
  outlook.value = await api.peersOutlook().catch(() => null)
}

/** While the page is looked at. @returns how to end it. */
export function followPeers(): () => void {
  readPeers().catch(toastRefusal)
  void readOutlook()
  // what goes wrong later shows itself in what is done next
  const timer = setInterval(() => void readPeers().catch(() => {}), LOOK_EVERY_MS)
  return () => clearInterval(timer)
}
