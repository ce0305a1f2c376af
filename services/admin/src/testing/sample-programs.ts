import type { PackageInfo } from '@holt/control/programs.ts'

/** Packages as a node tells of them, for tests of the page and for looking at it. */

const anna = '12D3KooWRsJ5m8Z1o6ndLq3kQtVb2xYc4fHh7pWgKzUeAaT9Xr2B'
const ben = '12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2'

export const visitorBook: PackageInfo = {
  id: 'a1'.repeat(16),
  package: 'bafyreib3n5bq4dp7psjwvgeyuiyj5hkmgqfsjqlcyfy5mhd6uyk5o2bqoq',
  name: 'visitor-book',
  title: 'Visitor book',
  about: 'A page on which visitors leave their names and a few words.',
  version: '1.0.0',
  author: anna,
  own: true,
  icon: true,
  code: 'javascript',
  powers: [{ kind: 'page', name: 'site', reason: 'Visitors read and write the book here.', optional: false }],
}

export const photoWall: PackageInfo = {
  id: 'b2'.repeat(16),
  package: 'bafyreibq6xtvvd5v3kqnlsb2uyxgq6lzqv3yj7r4m5fhbkn2wcdzpu4evy',
  name: 'photo-wall',
  title: 'Photo wall',
  about: 'Shows the pictures of one folder, the newest first, with what the weather was like that day.',
  version: '2.3.0',
  author: ben,
  own: false,
  icon: true,
  code: 'wasm',
  powers: [
    { kind: 'page', name: 'wall', reason: 'The pictures are shown here.', optional: false },
    {
      kind: 'folder',
      name: 'pictures',
      reason: 'Their small copies are made from these, and kept beside them.',
      optional: false,
      write: true,
    },
    {
      kind: 'hosts',
      name: 'weather',
      reason: 'To ask what the weather was like.',
      optional: true,
      hosts: ['api.weather.example', '*.tiles.example'],
    },
    { kind: 'clock', name: 'time', reason: 'To know how long ago a picture was taken.', optional: true },
  ],
}

const circle = (colour: string, inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="11" fill="${colour}"/>${inner}</svg>`

export const sampleIcons: Readonly<Record<string, string>> = {
  [visitorBook.id]: circle('#2f6fb0', '<path d="M12 12h11v24H12zm13 0h11v24H25z" fill="#fff"/>'),
  [photoWall.id]: circle('#b87514', '<circle cx="17" cy="18" r="4" fill="#fff"/><path d="M9 36l10-11 7 7 6-6 8 10z" fill="#fff"/>'),
}
