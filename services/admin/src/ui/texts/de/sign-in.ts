import type { Texts } from '../texts.ts'

export const signIn: Texts['signIn'] = {
  title: 'Willkommen zurück',
  text: 'Melde dich mit dem Inhaber-Passwort an.',
  password: 'Inhaber-Passwort',
  textForAll: 'Melde dich mit deinem Namen und Passwort an; der Inhaber lässt den Namen leer.',
  name: 'Dein Name',
  nameHint: 'Der Inhaber lässt ihn leer.',
  anyPassword: 'Passwort',
  button: 'Anmelden',
  forgotten: 'Vergessen?',
  forgottenText:
    'Halte Holt an, entferne owner.json aus dem Ordner „web“ in seinem Datenordner und starte es wieder: Es zeigt einen neuen Einrichtungscode. Deine Dateien und dein Hauptschlüssel bleiben, wie sie sind.',
}
