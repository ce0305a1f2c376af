import type { Texts } from '../texts.ts'

export const common: Texts['common'] = {
  cancel: 'Abbrechen',
  close: 'Schließen',
  back: 'Zurück',
  next: 'Weiter',
  ok: 'OK',
  more: 'Mehr',
  moreFor: (name) => `Mehr zu ${name}`,
  dismiss: 'Ausblenden',
  showPassword: 'Zeigen, was getippt ist',
  hidePassword: 'Verbergen, was getippt ist',
  retry: 'Noch einmal versuchen',
}
