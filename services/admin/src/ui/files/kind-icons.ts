import type { IconName } from '../parts/icons.tsx'
import type { Kind } from './kinds.ts'

export const iconOfKind: Record<Kind, IconName> = {
  folder: 'folder',
  picture: 'image',
  video: 'film',
  audio: 'music',
  text: 'text',
  pdf: 'text',
  link: 'link',
  other: 'file',
}
