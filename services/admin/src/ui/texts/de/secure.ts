import type { Texts } from '../texts.ts'

export const secure: Texts['secure'] = {
  title: 'Verschlüsselte Verbindung',
  summary: 'Den Weg zu dieser Seite verschlüsseln',
  isSecure: 'Diese Seite kam verschlüsselt.',
  isPlain: 'Diese Seite kam unverschlüsselt: Wer in deinem Netzwerk ist, könnte mitlesen, was du hier tippst, auch dein Passwort.',
  how: 'Keine öffentliche Stelle kennt eine Box zu Hause, darum hat deine ihre eigene. Installiere sie einmal auf jedem Telefon und Computer; sie gilt nur für diese Box und private Adressen.',
  download: 'Zertifikat der Box herunterladen',
  fileName: 'holt-authority.crt',
  install: 'Installiere es',
  compare: 'Vergleiche seinen Fingerabdruck (SHA-256)',
  compareText:
    'Was dein Gerät zeigt, muss dasselbe sein wie hier. Auch der Bildschirm der Box zeigt es: Vergleiche damit, wenn du dem Netzwerk nicht traust.',
  open: 'Öffne dann',
  notNow: 'HTTPS antwortet gerade nicht; das Protokoll sagt, warum.',
  validTo: (day) => `Gültig bis ${day}.`,
  devices: [
    {
      name: 'iPhone, iPad',
      steps: [
        'Öffne die heruntergeladene Datei und erlaube das Profil.',
        'Einstellungen → Allgemein → VPN & Geräteverwaltung: installiere es.',
        'Einstellungen → Allgemein → Info → Zertifikatsvertrauenseinstellungen: schalte es ein.',
      ],
    },
    {
      name: 'Android',
      steps: [
        'Einstellungen → Sicherheit → Verschlüsselung & Anmeldedaten → Zertifikat installieren → CA-Zertifikat.',
        'Wähle die heruntergeladene Datei.',
      ],
    },
    {
      name: 'Windows',
      steps: [
        'Öffne die Datei: Zertifikat installieren, Aktueller Benutzer.',
        'Lege es in „Vertrauenswürdige Stammzertifizierungsstellen“ ab. Windows zeigt den SHA-1-Fingerabdruck; der Browser zeigt SHA-256.',
      ],
    },
    {
      name: 'macOS',
      steps: ['Öffne die Datei: Die Schlüsselbundverwaltung nimmt sie.', 'Öffne das Zertifikat dort, Vertrauen, „Immer vertrauen“.'],
    },
    {
      name: 'Firefox, Linux',
      steps: [
        'Einstellungen → Datenschutz & Sicherheit → Zertifikate anzeigen → Zertifizierungsstellen → Importieren.',
        'Vertraue ihm für Websites.',
      ],
    },
  ],
}
