import fastifyStatic from '@fastify/static'
import type { AdminApp } from './context.ts'
import { sharedPagePolicy } from './security.ts'

/** The built page. What is under assets/ has its hash in its name, never changes, and lies there compressed too. */
export async function servePage(app: AdminApp, uiFolder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: uiFolder,
    cacheControl: false,
    preCompressed: true,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      if (/[\\/]s[\\/]index\.html$/.test(path)) reply.header('content-security-policy', sharedPagePolicy)
      reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
