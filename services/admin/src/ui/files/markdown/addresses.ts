import { contentUrl } from '../../api/calls.ts'
import { joinPath } from '../../paths.ts'
import { kindOf } from '../kinds.ts'

/** What a text of somebody may point to: other sites by a click, pictures beside it, nothing else. */

/** @returns an address that opens elsewhere, or null for all that is none (scripts, files, places in this page). */
export function outsideAddress(href: string): string | null {
  const url = URL.canParse(href) ? new URL(href) : null
  return url !== null && /^(https?|mailto):$/.test(url.protocol) ? url.href : null
}

/** @returns where to load a picture that lies in the tree, beside the text or below it, or null. */
export function pictureAddress(href: string, folder: string): string | null {
  const path = pathBeside(href, folder)
  if (path === null || kindOf({ name: path, type: 'file' }) !== 'picture') return null
  return contentUrl(path, { view: true })
}

function pathBeside(href: string, folder: string): string | null {
  if (href === '' || /^([a-z][a-z0-9+.-]*:|[/\\#?])/i.test(href)) return null
  const names = folder.split('/').filter((name) => name !== '')
  for (const part of (href.split(/[?#]/)[0] as string).split('/')) {
    const name = decoded(part)
    if (name === null || /[/\\\0]/.test(name)) return null
    if (name === '..') names.pop()
    else if (name !== '.' && name !== '') names.push(name)
  }
  return names.reduce((path, name) => joinPath(path, name), '/')
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Characters that were written as `&amp;` or `&#228;`; what is not known stays as it stands. */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] as string) : whole
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
  })
}
