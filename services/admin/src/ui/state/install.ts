/** The only address a script is loaded from by name; the page's policy allows no other. */
const WORKER = './service-worker.js'

interface ScriptPolicy {
  createScriptURL: (url: string) => string
}

/** Browsers that check it want to be told by whom an address of a script was made. */
function trusted(url: typeof WORKER): string {
  const types = (window as { trustedTypes?: { createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy } }).trustedTypes
  return types?.createPolicy('holt-worker', { createScriptURL: (text) => text }).createScriptURL(url) ?? url
}

/** Lets the page open without the node, where the browser allows it: over HTTPS, or on the machine itself. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register(trusted(WORKER)).catch(() => {
    // a private window, or a certificate that is not trusted yet: the page works without
  })
}
