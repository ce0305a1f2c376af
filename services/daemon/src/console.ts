import { renderUnicodeCompact } from 'uqr'

/** What a person who started the node reads. Everything goes to stderr: stdout may carry the control protocol. */

export function log(level: 'info' | 'warn' | 'error', text: string): void {
  process.stderr.write(level === 'info' ? `${text}\n` : `${level}: ${text}\n`)
}

export interface Announcement {
  dataFolder: string
  pageUrl: string | null
  /** The page over HTTPS, and the fingerprint of the authority that devices install for it. */
  secure: { url: string; fingerprint: string } | null
  setupCode: string | null
  /** Where a phone in the same network opens the page; null where none can. */
  phoneUrl: string | null
  /** Draws what a phone's camera reads; a box with a screen draws it there. */
  drawsCode: boolean
  state: string
  problem: string | null
}

/** Shown once when the node is up. */
export function announce({ dataFolder, pageUrl, secure, setupCode, phoneUrl, drawsCode, state, problem }: Announcement): void {
  const lines = ['', '  Holt is running.', '', `  Data   ${dataFolder}`]
  if (pageUrl !== null) lines.push(`  Page   ${pageUrl}`)
  if (secure !== null) lines.push(`         ${secure.url}   (authority: SHA-256 ${secure.fingerprint})`)
  if (setupCode !== null) lines.push(`  Code   ${setupCode}   (the page asks for it once)`)
  if (phoneUrl !== null) lines.push(`  Phone  ${phoneUrl}`)
  if (phoneUrl !== null && setupCode !== null && drawsCode) lines.push('', ...setupPicture(phoneUrl, setupCode))
  if (state === 'failed' && problem !== null) lines.push('', `  It cannot open its store: ${problem}`)
  lines.push('', '  Ctrl-C stops it.', '')
  process.stderr.write(`${lines.join('\n')}\n`)
}

/** The link into the set-up, for a phone's camera: it carries the code. */
export function setupPicture(phoneUrl: string, code: string): string[] {
  return renderUnicodeCompact(`${phoneUrl}#code=${code}`, { border: 2 }).split('\n')
}
