import { bytesText, countText } from '../../format.ts'
import type { Texts } from '../texts.ts'

export const home: Texts['home'] = {
  title: 'Ist alles sicher?',
  look: 'Genauer ansehen',
  needs: 'Das braucht dich',
  needsNothing: 'Nichts braucht dich gerade.',
  now: 'Gerade im Gang',
  well: 'In Ordnung sind',
  failed: 'Holt konnte seinen Speicher nicht öffnen',
  losses: 'Laufwerke, die ausfallen dürfen',
  lossesTerm: 'Wie viele Laufwerke noch auf einmal verloren gehen dürfen, bevor es eine Datei tut, nach dem schlechtesten Paket',
  unspread: 'Noch zu verteilen',
  unmended: 'Nicht so sicher wie geplant',
  nothing: 'nichts',
  pack: 'Paket',
  packs: 'Pakete',
  picture: {
    stored: (size) => `${size} sind gespeichert.`,
    drive: (name, state, free, all) => `${name}: ${state}, ${free} von ${all} frei.`,
  },
  drives: {
    fine: (count) => (count === 1 ? 'Das Laufwerk, es antwortet' : `Alle ${count} Laufwerke, sie antworten`),
    missing: (name) => `Das Laufwerk „${name}“ ist verloren`,
    failing: (name) => `Das Laufwerk „${name}“ fällt aus`,
    full: (name) => `Das Laufwerk „${name}“ ist voll`,
    removing: (name) => `Das Laufwerk „${name}“ wird geleert`,
    text: {
      missing: 'Steck es wieder ein, oder repariere auf die anderen.',
      failing: 'Füge ein anderes hinzu und entferne dieses.',
      full: 'Füge ein Laufwerk hinzu, damit neue Dateien verteilt werden können.',
    },
    says: (problem) => `Holt sagt: „${problem}“.`,
  },
  space: {
    enough: (free) => `${bytesText(free)} freier Platz auf den Laufwerken`,
    little: (free, all) => `Nur ${bytesText(free)} von ${bytesText(all)} sind auf den Laufwerken noch frei`,
    littleText: 'Füge ein Laufwerk hinzu, bevor sie voll sind.',
    system: (free) => `Nur ${bytesText(free)} sind dort frei, wo Holt seine eigenen Daten hat`,
    systemText: 'Mach dort Platz: Sonst kann nichts Neues geschrieben werden.',
  },
  key: {
    saved: 'Dein Hauptschlüssel, er ist gesichert',
    missing: 'Dein Hauptschlüssel hat noch keine Sicherungsdatei',
    missingText: 'Geht dieser Rechner kaputt, bringen nur die 24 Wörter auf deinem Blatt deine Dateien zurück. Speichere auch die Datei.',
  },
  work: {
    degraded: (packs) => `${countText(packs, 'Paket ist', 'Pakete sind')} nicht so sicher wie geplant`,
    degradedText: 'Reparieren macht die fehlenden Fragmente neu.',
  },
  disks: {
    failing: (name) => `${name} sagt von sich, dass es ausfällt`,
    failingText: 'Nimm bald ein anderes.',
    worn: (name) => `${name} ist abgenutzt`,
    wornText: 'Es geht noch. Halte ein anderes bereit.',
  },
  clock: {
    fine: 'Die Uhr, das Netzwerk stellt sie',
    wrong: 'Die Uhr geht vielleicht falsch',
    wrongText: 'Die Box hat die Zeit nicht aus dem Netzwerk. Die Daten neuer Dateien können falsch sein.',
  },
  network: {
    online: 'Der Weg ins Internet',
    offline: 'Es gibt keinen Weg ins Internet',
    offlineText: 'Deine Dateien hier betrifft das nicht.',
  },
  updates: {
    newest: (version) => `Das System, Version ${version}`,
    offer: (version) => `Version ${version} des Systems ist da`,
    byHand: 'Installiere sie, wann es dir passt.',
    begins: (when) => `Sie wird von selbst installiert: ${when}.`,
    trial: (version) => `Version ${version} des Systems läuft auf Probe`,
    fellBack: (version) => `Version ${version} des Systems funktionierte nicht`,
    fellBackText: 'Die Box ist zur vorigen Version zurückgekehrt. Deine Dateien sind, wie sie waren.',
  },
  way: {
    encrypted: 'Der Weg zu dieser Seite, er ist verschlüsselt',
    plain: 'Der Weg zu dieser Seite ist nicht verschlüsselt',
    plainText: 'Wer in deinem Netzwerk ist, könnte mitlesen. Installiere einmal das Zertifikat dieser Box.',
  },
}
