/** HTTPS. */
export const secure = {
  title: 'Encrypted connection',
  summary: 'Encrypt the way to this page',
  isSecure: 'This page came encrypted.',
  isPlain: 'This page came unencrypted: who is in your network could read what you type here, also your password.',
  how: 'No public authority knows a box at home, so yours has its own. Install it once on each phone and computer; it is good for this box and private addresses only.',
  download: 'Download the authority',
  fileName: 'holt-authority.crt',
  install: 'Install it',
  compare: 'Compare its fingerprint (SHA-256)',
  compareText:
    'What your device shows has to be the same as here. The screen of the box shows it too: compare with that when you do not trust the network.',
  open: 'Then open',
  notNow: 'HTTPS does not answer now; the log of the node says why.',
  validTo: (day: string) => `Good until ${day}.`,
  devices: [
    {
      name: 'iPhone, iPad',
      steps: [
        'Open the download and allow the profile.',
        'Settings → General → VPN & Device Management: install it.',
        'Settings → General → About → Certificate Trust Settings: switch it on.',
      ],
    },
    {
      name: 'Android',
      steps: ['Settings → Security → Encryption & credentials → Install a certificate → CA certificate.', 'Choose the downloaded file.'],
    },
    {
      name: 'Windows',
      steps: [
        'Open the file, Install Certificate, Current User.',
        'Place it in “Trusted Root Certification Authorities”. Windows shows the SHA-1 thumbprint; the browser shows SHA-256.',
      ],
    },
    {
      name: 'macOS',
      steps: ['Open the file: Keychain Access takes it.', 'Open it there, Trust, “Always Trust”.'],
    },
    {
      name: 'Firefox, Linux',
      steps: ['Settings → Privacy & Security → Certificates → View → Authorities → Import.', 'Trust it for websites.'],
    },
  ],
}
