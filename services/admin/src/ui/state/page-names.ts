/** The pages of whoever is signed in, in the order of the menu; what each is stands in pages.ts. A phone's bar shows the first ones. */
export const pageNames = [
  'home',
  'files',
  'photos',
  'storage',
  'tree',
  'peers',
  'shared',
  'programs',
  'network',
  'box',
  'system',
  'security',
  'activity',
  'trash',
  'owner',
  'notices',
] as const
export type PageName = (typeof pageNames)[number]
