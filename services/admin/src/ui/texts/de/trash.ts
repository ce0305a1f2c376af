import { countText } from '../../format.ts'
import type { Texts } from '../texts.ts'

const items = (count: number): string => countText(count, 'Eintrag', 'Einträge')

export const trash: Texts['trash'] = {
  title: 'Papierkorb',
  text: 'Was du löschst, wartet hier und kann zurückgelegt werden. Nach einer Weile verschwindet es von selbst.',
  term: 'Einträge werden mit einem Commit hierher verschoben; nach 30 Tagen, oder was die Aufbewahrung sagt, werden sie entfernt',
  name: 'Bezeichnung',
  place: 'Wo es war',
  when: 'Gelöscht',
  top: 'Dateien',
  restore: 'Zurücklegen',
  restoreOne: (name) => `„${name}“ zurücklegen`,
  restored: (count) => `${items(count)} wieder am alten Platz`,
  empty: 'Papierkorb leeren',
  emptyTitle: 'Papierkorb leeren?',
  emptyText: 'Das lässt sich hier nicht rückgängig machen. Ältere Versionen deiner Dateien heben den Inhalt noch eine Weile auf.',
  emptied: (count) => `${items(count)} endgültig entfernt`,
  removeOne: (name) => `„${name}“ endgültig entfernen`,
  nothing: 'Der Papierkorb ist leer',
  nothingText: 'Was du löschst, kommt zuerst hierher.',
  takenTitle: (count, name) => (count === 1 ? `„${name}“ gibt es dort schon` : `${count} Namen sind schon vergeben`),
  takenText: 'Inzwischen ist dort etwas anderes. Was soll geschehen?',
  keepBoth: 'Beide behalten',
  replace: 'Ersetzen',
  replaceHint: 'Was jetzt dort ist, kommt selbst in den Papierkorb.',
}
