import { signal } from '@preact/signals'
import { api, type PeerInfo } from '../api/calls.ts'
import { folderApi, type FoldersStatus } from '../api/folder-calls.ts'
import { toastRefusal } from '../state/toasts.ts'

/** null until it was read. */
export const folders = signal<FoldersStatus | null>(null)
/** Friends with whom a folder can be shared, each once. */
export const friends = signal<readonly { owner: string; name: string }[]>([])

const LOOK_EVERY_MS = 3000

export async function readFolders(): Promise<void> {
  const [status, { peers }] = await Promise.all([folderApi.list(), api.peers()])
  folders.value = status
  friends.value = friendsOf(peers)
}

function friendsOf(peers: readonly PeerInfo[]): { owner: string; name: string }[] {
  const known = new Map<string, string>()
  for (const { relation, name, peer } of peers)
    if (relation?.relation === 'friend' && (!known.has(relation.owner) || name !== null)) known.set(relation.owner, name ?? peer)
  return [...known].map(([owner, name]) => ({ owner, name }))
}

/** While the page is looked at. @returns how to end it. */
export function followFolders(): () => void {
  readFolders().catch(toastRefusal)
  const timer = setInterval(() => void readFolders().catch(() => {}), LOOK_EVERY_MS)
  return () => clearInterval(timer)
}
