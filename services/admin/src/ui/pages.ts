import type { ComponentType } from 'preact'
import type { IconName } from './parts/icons.tsx'
import { type PageName, pageNames } from './state/page-names.ts'

interface PageEntry {
  icon: IconName
  /** Whom it is for; `box`, `phone`: the owner of one, where the node runs on it. */
  for: 'everybody' | 'owner' | 'box' | 'phone'
  load: () => Promise<ComponentType>
}

/**
 * Each page is a file of its own for the browser, with its styles, and is loaded when it is first looked at.
 */
export const pages: Readonly<Record<PageName, PageEntry>> = {
  home: { icon: 'home', for: 'owner', load: () => import('./home/home-page.tsx').then(({ HomePage }) => HomePage) },
  files: { icon: 'folder', for: 'everybody', load: () => import('./files/files-page.tsx').then(({ FilesPage }) => FilesPage) },
  photos: { icon: 'image', for: 'phone', load: () => import('./photos/photos-page.tsx').then(({ PhotosPage }) => PhotosPage) },
  storage: { icon: 'drive', for: 'owner', load: () => import('./storage/storage-page.tsx').then(({ StoragePage }) => StoragePage) },
  tree: { icon: 'tree', for: 'owner', load: () => import('./tree/tree-page.tsx').then(({ TreePage }) => TreePage) },
  peers: { icon: 'phone', for: 'owner', load: () => import('./peers/peers-page.tsx').then(({ PeersPage }) => PeersPage) },
  shared: { icon: 'link', for: 'owner', load: () => import('./shared/shared-page.tsx').then(({ SharedPage }) => SharedPage) },
  programs: { icon: 'programs', for: 'owner', load: () => import('./programs/programs-page.tsx').then(({ ProgramsPage }) => ProgramsPage) },
  network: { icon: 'network', for: 'box', load: () => import('./network/network-page.tsx').then(({ NetworkPage }) => NetworkPage) },
  box: { icon: 'box', for: 'box', load: () => import('./box/box-page.tsx').then(({ BoxPage }) => BoxPage) },
  system: { icon: 'pulse', for: 'owner', load: () => import('./system/system-page.tsx').then(({ SystemPage }) => SystemPage) },
  security: {
    icon: 'shield',
    for: 'everybody',
    load: () => import('./security/security-page.tsx').then(({ SecurityPage }) => SecurityPage),
  },
  activity: {
    icon: 'history',
    for: 'everybody',
    load: () => import('./activity/activity-page.tsx').then(({ ActivityPage }) => ActivityPage),
  },
  trash: { icon: 'trash', for: 'everybody', load: () => import('./files/trash-page.tsx').then(({ TrashPage }) => TrashPage) },
  notices: {
    icon: 'bell',
    for: 'everybody',
    load: () => import('./notices/notices-page.tsx').then(({ NoticesPage }) => NoticesPage),
  },
  owner: { icon: 'user', for: 'owner', load: () => import('./owner/owner-page.tsx').then(({ OwnerPage }) => OwnerPage) },
}

/** Those that this person has. */
export function pagesFor({ isOwner, isBox, isPhone }: { isOwner: boolean; isBox: boolean; isPhone: boolean }): PageName[] {
  const theirs = { everybody: true, owner: isOwner, box: isOwner && isBox, phone: isOwner && isPhone }
  return pageNames.filter((name) => theirs[pages[name].for])
}
