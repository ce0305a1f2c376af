import type { Entry } from '../api/calls.ts'

/** What a file is shown as, by the end of its name; the node has the last word on what a browser may show. */
export type Kind = 'folder' | 'picture' | 'video' | 'audio' | 'text' | 'pdf' | 'link' | 'other'

const endings: Record<string, Kind> = {}
const lists: [Kind, string][] = [
  ['picture', 'png jpg jpeg gif webp avif bmp'],
  ['video', 'mp4 m4v mov webm ogv'],
  ['audio', 'mp3 m4a aac ogg oga opus flac wav'],
  ['pdf', 'pdf'],
  [
    'text',
    'txt log md markdown csv tsv json xml html htm svg css js mjs ts tsx jsx py rb rs go c h cpp java sh yml yaml toml ini conf sql tex srt vtt diff patch',
  ],
]
for (const [kind, list] of lists) for (const ending of list.split(' ')) endings[ending] = kind

export function kindOf(entry: Pick<Entry, 'name' | 'type'>): Kind {
  if (entry.type === 'directory' || entry.type === 'volume') return 'folder'
  if (entry.type === 'symlink') return 'link'
  const ending = /\.([a-z0-9]+)$/i.exec(entry.name)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(endings, ending) ? (endings[ending] as Kind) : 'other'
}

export function isMarkdown(name: string): boolean {
  return /\.(md|markdown)$/i.test(name)
}
