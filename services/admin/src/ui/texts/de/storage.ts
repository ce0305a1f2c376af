import { bytesText, countText, numberText } from '../../format.ts'
import type { Texts } from '../texts.ts'

export const storage: Texts['storage'] = {
  title: 'Speicher',
  safe: (losses) =>
    losses === 1
      ? 'Deine Dateien überstehen den Verlust eines beliebigen Laufwerks'
      : `Deine Dateien überstehen den Verlust von beliebigen ${losses} Laufwerken`,
  safeText: 'Alles ist, wo es sein soll.',
  bare: 'Deine Dateien würden den Verlust eines Laufwerks nicht überstehen',
  bareText: 'Füge Laufwerke hinzu: Mit drei oder mehr darf jedes einzelne ausfallen, und nichts ist verloren.',
  noDrives: 'Noch gibt es kein Laufwerk',
  noDrivesText: 'Alles liegt nur im Datenordner. Füge Laufwerke hinzu, dann wird es über sie verteilt.',
  lost: (count) =>
    count === 1 ? 'Ein Laufwerk ist verloren. Deine Dateien sind alle da' : `${count} Laufwerke sind verloren. Deine Dateien sind alle da`,
  lostMargin: (losses) =>
    losses === 0
      ? 'Aber kein weiteres darf ausfallen. Repariere bald.'
      : `Sie überstehen noch ${losses === 1 ? 'einen weiteren Verlust' : `${losses} weitere Verluste`}. Repariere, um so sicher zu sein wie zuvor.`,
  short: 'Einige Fragmente fehlen. Deine Dateien sind alle da',
  gone: 'Einige Dateien sind jetzt nicht lesbar',
  goneText: (packs) =>
    `${countText(packs, 'Paket hat', 'Pakete haben')} zu wenige Fragmente übrig. Bring verlorene Laufwerke zurück, dann ist alles wieder lesbar.`,
  spreading: (bytes) => `${bytesText(bytes)} werden noch auf die Laufwerke verteilt.`,
  addDrive: 'Laufwerk hinzufügen',
  verify: 'Prüfen',
  verifyTitle: 'Liest jedes Fragment und jeden Block und prüft sie',
  repair: 'Reparieren',
  repairTitle: 'Prüft, und macht fehlende oder beschädigte Fragmente auf den vorhandenen Laufwerken neu',
  drives: 'Laufwerke',
  drive: 'Laufwerk',
  ownDrive: 'Datenordner',
  states: { ok: 'Gesund', missing: 'Verloren', failing: 'Fällt aus', full: 'Voll', removing: 'Wird geleert' },
  statesText: {
    missing: 'Es antwortet nicht. Ist es nur ausgesteckt, steck es wieder ein; ist es weg, repariere auf die anderen und vergiss es dann.',
    failing: 'Es meldet Fehler. Füge ein anderes hinzu und entferne dieses.',
    full: 'Es passt nichts mehr darauf.',
    removing: 'Seine Fragmente ziehen um.',
  },
  free: (bytes, all) => `${bytesText(bytes)} von ${bytesText(all)} frei`,
  fragments: (count) => countText(count, 'Fragment', 'Fragmente'),
  capacityLegend: { holt: 'Holt', other: 'Andere Daten', free: 'Frei' },
  remove: 'Entfernen …',
  forget: 'Vergessen …',
  removeTitle: (name) => `„${name}“ entfernen?`,
  removeText: 'Zuerst ziehen seine Fragmente auf die anderen Laufwerke um. Das kann dauern; es lässt sich abbrechen.',
  removeButton: 'Laufwerk entfernen',
  forgetTitle: (name) => `„${name}“ vergessen?`,
  forgetText: 'Tu das, wenn das Laufwerk für immer weg ist. Repariere zuerst: Dann ist, was darauf war, auf den anderen.',
  forgetButton: 'Laufwerk vergessen',
  addTitle: 'Laufwerk hinzufügen',
  addText: 'Ein Ordner auf einer eigenen Platte. Er muss leer sein, oder schon einmal ein Laufwerk von dir gewesen sein.',
  addBox: 'Was du an die Box steckst, wird auf der Seite Box vorbereitet.',
  toBox: 'Zur Seite Box',
  added: (name) => `„${name}“ ist jetzt ein Laufwerk`,
  layout: 'Wie deine Dateien verteilt sind',
  layoutText: (k, n) =>
    n === 1
      ? 'Alles liegt einmal, auf einem Laufwerk.'
      : k === 1
        ? `Alles liegt ${n}-mal, auf ${n} Laufwerken: Jedes einzelne genügt.`
        : `Alles ist in ${n} Fragmente auf ${n} Laufwerken geteilt. Beliebige ${k} davon bringen alles zurück.`,
  layoutTerm: (k, n) => `Reed-Solomon-Code, ${k} aus ${n}`,
  layoutSpare: 'Reserve',
  layoutData: 'Daten',
  layoutLost: 'verloren',
  className: (name) => (name === 'standard' ? 'Standard' : name === 'names' ? 'Namen von Dateien und Ordnern' : name),
  classes: 'Sicherheitsstufen',
  classLosses: (losses) =>
    losses < 0
      ? 'Etwas davon ist verloren'
      : losses === 0
        ? 'Übersteht keinen Verlust'
        : losses === 1
          ? 'Übersteht 1 Verlust'
          : `Übersteht ${losses} Verluste`,
  stored: 'Gespeichert',
  storedTerm: (blocks, packs) => `${countText(blocks, 'Block', 'Blöcke')} in ${countText(packs, 'Paket', 'Paketen')}`,
  onDrives: 'Auf Laufwerken',
  freeAll: 'Frei',
  job: {
    verify: 'Wird geprüft',
    repair: 'Wird repariert',
    'remove-drive': 'Das Laufwerk wird geleert',
    recover: 'Dateien kommen zurück',
  },
  jobDone: {
    verify: 'Geprüft',
    repair: 'Repariert',
    'remove-drive': 'Das Laufwerk ist entfernt',
    recover: 'Die Dateien sind zurück',
  },
  jobCancelled: 'Abgebrochen. Was bis dahin getan ist, bleibt getan.',
  cancelling: 'Wird beendet …',
  progressItems: (done, all) => (all > 0 ? `${numberText(done)} von ${numberText(all)}` : numberText(done)),
  healthy: 'Alles ist in Ordnung.',
  checked: (bytes, fragments) => `${bytesText(bytes)} gelesen, ${countText(fragments, 'Fragment', 'Fragmente')} geprüft.`,
  repairedFragments: (count) => `${countText(count, 'Fragment wurde', 'Fragmente wurden')} neu gemacht.`,
  problems: (count) => countText(count, 'Problem wurde gefunden', 'Probleme wurden gefunden'),
  problemsMore: (count) => `und ${countText(count, 'weiteres', 'weitere')}`,
  problem: {
    'fragment-missing': 'Ein Fragment fehlt',
    'fragment-corrupt': 'Ein Fragment ist beschädigt',
    'block-corrupt': 'Ein Block ist beschädigt',
    'copy-corrupt': 'Eine Kopie neuer Daten ist beschädigt',
    'copy-missing': 'Neue Daten sind auf zu wenigen Laufwerken',
    'pack-lost': 'Ein Paket hat zu wenige Fragmente',
    'file-lost': 'Eine Datei ist nicht lesbar',
    'drive-missing': 'Ein Laufwerk ist verloren',
    'index-wrong': 'Das Verzeichnis der Blöcke stimmte nicht',
    'marker-corrupt': 'Die Kennung eines Laufwerks ist beschädigt',
  },
  mended: 'behoben',
  notMended: 'nicht behoben',
}
