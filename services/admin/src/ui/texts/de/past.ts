import { bytesText, countText } from '../../format.ts'
import type { Texts } from '../texts.ts'

export const past: Texts['past'] = {
  details: 'Einzelheiten',
  kind: 'Art',
  kinds: {
    folder: 'Ein Ordner',
    picture: 'Ein Bild',
    video: 'Ein Film',
    audio: 'Musik oder Sprache',
    text: 'Ein Text',
    pdf: 'Ein PDF',
    link: 'Ein Verweis auf etwas anderes',
    other: 'Eine Datei',
  },
  folder: 'Liegt in',
  versions: 'Versionen',
  versionCount: (count, more) => `${more ? 'mindestens ' : ''}${countText(count, 'wird behalten', 'werden behalten')}`,
  kept: 'So aufbewahrt, dass es',
  survives: (losses) =>
    losses < 0
      ? 'nicht übersteht: Teile sind schon verloren.'
      : losses === 0
        ? 'den Verlust eines weiteren Laufwerks nicht übersteht.'
        : losses === 1
          ? 'den Verlust eines beliebigen Laufwerks übersteht.'
          : `den Verlust von ${losses} beliebigen Laufwerken übersteht.`,
  code: (name, needed, all) => `(${name}: ${needed} beliebige von ${all} Stücken genügen)`,
  shared: 'Geteilt durch',
  notShared: 'keinen Link',
  toTree: 'Zeigen, wo die Blöcke liegen',
  compare: 'Mit jetzt vergleichen',
  compareTitle: (name) => `Zwei Versionen von „${name}“`,
  older: 'Älter',
  newer: 'Neuer',
  same: 'Beide sind gleich.',
  otherKind: (older, newer) =>
    `Was in dieser Art von Datei steht, kann hier nicht verglichen werden. Sie hatte ${bytesText(older)} und hat ${bytesText(newer)}.`,
  tooDifferent: 'Beide haben zu wenig gemeinsam, um sie Zeile für Zeile zu vergleichen.',
  leftOut: (lines) => `… ${countText(lines, 'Zeile', 'Zeilen')} gleich …`,
  lookBack: 'Wie es war',
  lookBackTitle: (name) => `„${name}“, wie es war`,
  date: 'Wann',
  empty: 'Hier war nichts.',
  gone: 'nicht mehr da',
  changed: 'seitdem geändert',
  more: 'Es war mehr da; die ersten 1000 sind zu sehen.',
  bringBack: (count) => (count === 0 ? 'Zurückholen' : `${countText(count, 'Eintrag', 'Einträge')} zurückholen`),
  broughtBack: (count) => `${countText(count, 'Eintrag ist', 'Einträge sind')} wie damals`,
}
