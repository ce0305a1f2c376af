import fastifyStatic from '@fastify/static'
import type { AdminApp } from './context.ts'
import { sharedPagePolicy } from './security.ts'

/** The built page. What is under assets/ has its hash in its name and never changes. */
export async function servePage(app: AdminApp, uiFolder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: uiFolder,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      if (/[\\/]s[\\/]index\.html$/.test(path)) reply.header('content-security-policy', sharedPagePolicy)
      reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
