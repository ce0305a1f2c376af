import { createHash, timingSafeEqual } from 'node:crypto'
import { HoltError } from '@holt/core/errors.ts'
import type { AdminApp } from './context.ts'

export const START_COOKIE = 'holt-start'

/** Puts before every request, of pages, pictures and calls alike, that it comes from who was told the token of this start. */
export function askForStartToken(app: AdminApp, token: string): void {
  const wanted = digest(token)
  app.addHook('onRequest', async ({ headers }) => {
    const given = cookieNamed(START_COOKIE, headers.cookie ?? '')
    if (given === null || !timingSafeEqual(digest(given), wanted))
      throw new HoltError('NOT_AUTHORIZED', 'only the app that started this node may open its page')
  })
}

function cookieNamed(name: string, header: string): string | null {
  for (const part of header.split(';')) {
    const [key = '', value] = part.trim().split('=', 2)
    if (key === name && value !== undefined) return value
  }
  return null
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
