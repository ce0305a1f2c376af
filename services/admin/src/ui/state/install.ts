import { ownScript } from './script-address.ts'

const WORKER = './service-worker.js'

/** Lets the page open without the node, where the browser allows it: over HTTPS, or on the machine itself. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register(ownScript(WORKER)).catch(() => {
    // a private window, or a certificate that is not trusted yet: the page works without
  })
}
