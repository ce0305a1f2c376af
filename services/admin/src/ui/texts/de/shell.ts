import type { Texts } from '../texts.ts'

export const shell: Texts['shell'] = {
  product: 'Holt',
  loading: 'Einen Moment …',
  offline: { title: 'Holt antwortet nicht', text: 'Läuft es, und ist das die richtige Adresse?', again: 'Noch einmal versuchen' },
  failed: 'Holt konnte seinen Speicher nicht öffnen. Bis das behoben ist, kann nichts gelesen oder geschrieben werden:',
  language: 'Sprache',
  nav: {
    home: 'Übersicht',
    files: 'Dateien',
    trash: 'Papierkorb',
    storage: 'Speicher',
    tree: 'Baum',
    network: 'Netzwerk',
    box: 'Box',
    peers: 'Andere Knoten',
    shared: 'Geteilte Ordner',
    system: 'System',
    owner: 'Inhaber',
    security: 'Sicherheit',
    notices: 'Neues',
    activity: 'Verlauf',
    main: 'Hauptmenü',
    others: 'Mehr Seiten',
    signOut: 'Abmelden',
    skip: 'Zum Inhalt springen',
  },
}
