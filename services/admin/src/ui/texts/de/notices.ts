import { countText } from '../../format.ts'
import type { Texts } from '../texts.ts'

export const notices: Texts['notices'] = {
  title: 'Was es Neues gibt',
  allRead: 'Alles als gelesen markieren',
  markRead: (what) => `Als gelesen markieren: ${what}`,
  unread: (count) => countText(count, 'ungelesene Nachricht', 'ungelesene Nachrichten'),
  new: 'neu',
  nothing: 'Noch gibt es nichts zu sagen. Wenn etwas dich braucht, steht es hier.',
  kinds: {
    'drive-missing': 'Ein Laufwerk ist verloren',
    'drive-failing': 'Ein Laufwerk fällt aus',
    'storage-full': 'Die Laufwerke sind fast voll',
    'repair-needed': 'Etwas muss repariert werden',
    'repair-finished': 'Die Reparatur ist zu Ende',
    'update-ready': 'Eine neue Version ist da',
    'update-installed': 'Eine neue Version wurde installiert',
    'key-not-kept': 'Dein Hauptschlüssel wurde nie gesichert',
    'files-merged': 'Zwei Knoten hatten dieselbe Datei geändert',
    'share-ends': 'Ein geteilter Link endet bald',
    'folder-request': 'Ein Freund möchte schreiben',
    'folder-offered': 'Ein Freund teilt einen Ordner',
    'new-device': 'Jemand hat sich auf einem neuen Gerät angemeldet',
    'password-changed': 'Dein Passwort wurde geändert',
    test: 'Nachrichten kommen auf diesem Gerät an',
  },
  somethingNew: 'Es gibt etwas Neues',
  about: {
    'drive-missing': (name) => `${name} antwortet nicht. Ist es nur ausgesteckt, steck es wieder ein.`,
    'drive-failing': (name) => `${name} meldet Fehler. Füge ein anderes Laufwerk hinzu und entferne dieses.`,
    'storage-full': () => 'Weniger als ein Zehntel ist frei. Füge ein Laufwerk hinzu oder lösche, was niemand braucht.',
    'repair-needed': () => 'Deine Dateien sind weniger sicher, als sie sein sollten. Reparieren macht neu, was fehlt.',
    'repair-finished': (outcome) =>
      outcome === 'good'
        ? 'Jetzt ist alles in Ordnung.'
        : outcome === 'failed'
          ? 'Sie konnte nicht abgeschlossen werden.'
          : 'Ein Teil der Fehler ist geblieben.',
    'update-ready': (version) => `Version ${version} kann installiert werden.`,
    'update-installed': (version) => `Jetzt läuft Version ${version}.`,
    'key-not-kept': () => 'Ohne ihn lässt sich nichts zurückholen, wenn dieses Gerät weg ist. Es dauert zwei Minuten.',
    'folder-request': (name) => `${name} bittet darum, in einem Ordner von dir zu schreiben.`,
    'folder-offered': (label) => `Du kannst „${label}“ übernehmen.`,
    'files-merged': (paths) => `${paths}: Ein Inhalt gilt, der andere ist bei den Versionen.`,
    'share-ends': (label) => `„${label}“ lässt sich höchstens noch zwei Tage öffnen.`,
    'new-device': (device) =>
      `${device || 'Ein Programm, das nicht sagt, was es ist'}. Warst du das nicht? Melde es ab und ändere dein Passwort.`,
    'password-changed': (device) =>
      `${device || 'Von einem Programm, das nicht sagt, was es ist'}. Warst du das nicht? Hol dir gleich Hilfe.`,
  },
  push: {
    title: 'Auf diesem Gerät',
    text: 'Dieses Gerät kann dir auch Bescheid sagen, wenn die Seite zu ist. Eine Nachricht sagt, worum es geht, und nichts von dem, was du hier aufbewahrst.',
    on: 'Auf diesem Gerät Bescheid sagen',
    off: 'Hier nicht mehr Bescheid sagen',
    test: 'Probe schicken',
    testSent: 'Sie ist unterwegs',
    testFailed: 'Sie ließ sich nicht abschicken. Ist die Box mit dem Internet verbunden?',
    which: 'Bescheid sagen bei',
    unsupported: 'Dieser Browser zeigt keine Nachrichten, wenn die Seite zu ist.',
    insecure: 'Dafür muss der Weg zu dieser Seite verschlüsselt sein. Wie das geht, steht auf der Seite Inhaber.',
    denied:
      'Diesem Browser wurde gesagt, dass er keine Nachrichten dieser Seite zeigen soll. In seinen Einstellungen lässt sich das ändern.',
    failed: 'Der Browser hat keinen Push-Dienst erreicht. Dafür braucht er das Internet.',
    others: 'Geräte, die Bescheid bekommen',
    unknownDevice: 'Ein Browser',
    failing: 'bekommt gerade nichts',
    remove: (device) => `${device} nicht mehr Bescheid sagen`,
    turnedOn: 'Dieses Gerät bekommt ab jetzt Bescheid',
  },
}
