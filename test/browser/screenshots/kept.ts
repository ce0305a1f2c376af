import { pageNames } from '@holt/admin/ui/state/page-names.ts'

/** What README and docs show, or may be looked at there: every page, and the steps that tell most. */
export const kept: readonly string[] = [
  ...pageNames.flatMap((page) => [`${page}-wide-light`, `${page}-phone-dark`]),
  'set-up-1-code-phone-light',
  'set-up-3-choose-phone-light',
  'set-up-3-move-phone-dark',
  'set-up-4-words-wide-light',
  'set-up-7-done-phone-light',
  'files-photos-phone-light',
  'preview-photo-wide-dark',
  'storage-lost-drive-wide-light',
  'home-lost-drive-phone-light',
  'security-invite-wide-dark',
]
