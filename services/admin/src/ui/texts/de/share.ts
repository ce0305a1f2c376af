import type { Texts } from '../texts.ts'

export const share: Texts['share'] = {
  action: 'Per Link teilen',
  title: (name) => `„${name}“ teilen`,
  text: 'Wer den Link hat, kann es ansehen und herunterladen, ohne Konto. Ordner bleiben aktuell: Was du später hineinlegst, ist auch zu sehen.',
  exact:
    'Ein Lese-Recht (Readcap), versiegelt für den, der den Link hat. Was es öffnet, steht hinter dem # des Links; Browser senden das nicht mit.',
  label: 'So heißt es für den, der es öffnet',
  opens: 'Der Link gilt',
  spans: { day: 'einen Tag', week: 'eine Woche', month: '30 Tage', ever: 'bis ich ihn zurücknehme' },
  make: 'Link machen',
  link: 'Der Link',
  copy: 'Link kopieren',
  copied: 'Kopiert',
  send: 'Senden …',
  scan: 'Der Link als QR-Code, zum Öffnen mit einem Handy',
  onlyHere:
    'Diese Seite ist auf dem Knoten selbst offen: Der Link geht nur auf diesem Computer auf. Öffne die Seite unter einer Adresse, die andere erreichen, und mach den Link dort.',
  plain:
    'Diese Seite ist unterwegs nicht verschlüsselt (https): In einem fremden Netz könnte jemand verändern, was der Link zeigt. Zu Hause ist das in Ordnung.',
  where: (host) => `Er geht überall auf, wo ${host} zu erreichen ist.`,
  listTitle: 'Per Link geteilt',
  listText:
    'Wer einen dieser Links hat, kann lesen, was dahinter ist. Nimm zurück, was nicht mehr sein soll; was heruntergeladen wurde, bleibt, wo es ist.',
  none: 'Nichts ist per Link geteilt.',
  until: (date) => `gilt bis ${date}`,
  ever: 'gilt, bis du ihn zurücknimmst',
  expired: 'ist abgelaufen',
  again: 'Link zeigen',
  revoke: 'Zurücknehmen',
  revokeLink: (name) => `Den Link zu ${name} zurücknehmen`,
  revoked: 'Der Link geht nicht mehr auf',
  before: 'Frühere Links dazu',
}
