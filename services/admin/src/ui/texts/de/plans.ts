import { bytesText, countText, dateText, durationText, numberText } from '../../format.ts'
import type { Texts } from '../texts.ts'

const drives = (count: number): string =>
  count === 1 ? 'eines beliebigen Laufwerks' : `von beliebigen ${count === 2 ? 'zwei' : count === 3 ? 'drei' : count} Laufwerken`

export const plans: Texts['plans'] = {
  space: {
    title: 'Wie es sich füllt',
    span: 'Gezeigte Zeit',
    spans: { month: 'Monat', years: 'Jahre' },
    now: (used, all) => `${bytesText(used)} von ${bytesText(all)} belegt`,
    full: (seconds) => `Geht es so weiter, sind die Laufwerke in ${longText(seconds)} voll.`,
    fullNow: 'Die Laufwerke sind voll.',
    slow: 'Geht es so weiter, reicht der Platz für Jahre.',
    unknown: 'Wann sie voll sind, lässt sich noch nicht sagen: Dafür braucht es zwei Wochen und ein Tempo, das hält.',
    nothing: 'Was belegt ist, wird ab jetzt aufgeschrieben. Sieh morgen wieder nach.',
    label: (from, used, all) => `Belegter Platz im Lauf der Zeit, von ${from} bis heute: jetzt ${bytesText(used)} von ${bytesText(all)}`,
    at: (used, time) => `${bytesText(used)} belegt, ${dateText(time)}`,
    legendUsed: 'belegt',
    legendAll: 'alles, was da ist',
  },
  checks: {
    title: 'Letzte Prüfung',
    never: 'Noch nie wurde alles geprüft. Prüfen liest einmal alles und sieht nach, ob es noch so ist, wie es gespeichert wurde.',
    done: (time) => `Geprüft: ${dateText(time)}.`,
    good: 'Alles war in Ordnung.',
    bad: (problems) => `${countText(problems, 'Fehler blieb', 'Fehler blieben')} übrig. Reparieren behebt, was sich beheben lässt.`,
    failed: (time) => `Die Prüfung (${dateText(time)}) konnte nicht beendet werden.`,
    read: (bytes, fragments, seconds) =>
      `${bytesText(bytes)} und ${countText(fragments, 'Fragment', 'Fragmente')} gelesen, in ${durationText(seconds)}`,
    mended: (count) => `${countText(count, 'Fragment wurde', 'Fragmente wurden')} neu gemacht`,
    old: 'Das ist lange her. Einmal im Monat ist eine gute Gewohnheit.',
  },
  health: {
    good: 'sagt, es gehe ihm gut',
    worn: 'nutzt sich ab',
    failing: 'sagt, dass es ausfällt',
    unknown: 'sagt nichts über sich',
    title: 'Was das Laufwerk über sich sagt (S.M.A.R.T.)',
    degrees: (value) => `${numberText(value)} Grad`,
    hours: (count) => `${durationText(3600 * count)} gelaufen`,
  },
  classes: {
    title: 'Wie sicher jeder Ordner ist',
    text: 'Je mehr Laufwerke verloren gehen dürfen, desto mehr Platz kostet es.',
    everything: 'Alles andere',
    change: 'Ändern',
    changeFor: (name) => `Ändern, wie sicher ${name} ist`,
    choose: 'Für einen Ordner wählen …',
    names: { light: 'Sparsam', standard: 'Standard', precious: 'Kostbar' },
    survives: (losses) => (losses <= 0 ? 'übersteht keinen Verlust eines Laufwerks' : `übersteht den Verlust ${drives(losses)}`),
    missing: (missing, all) =>
      missing === 1
        ? `Eines deiner ${all} Laufwerke nimmt jetzt nichts auf. Das ist hier schon mitgezählt.`
        : `${missing} deiner ${all} Laufwerke nehmen jetzt nichts auf. Das ist hier schon mitgezählt.`,
    fewDrives: 'Bei so wenigen Laufwerken sind sie gleich. Ab vier unterscheiden sie sich.',
    cost: (factor) => `1 GB kostet ${factor} GB`,
    costTerm: (k, n) => `${n} Fragmente, von denen beliebige ${k} alles zurückbringen`,
    dialogTitle: 'Wie sicher soll es sein?',
    pickTitle: 'Welcher Ordner?',
    pickThis: 'Dieser Ordner',
    noFolders: 'Hier sind keine Ordner.',
    inherit: 'Wie der Ordner darum herum',
    holds: (bytes, files, complete) => `${complete ? '' : 'Mehr als '}${bytesText(bytes)} in ${countText(files, 'Datei', 'Dateien')}`,
    would: (before, after) =>
      `Wäre alles darin so gespeichert, würde es auf den Laufwerken ${bytesText(after)} belegen; so, wie es jetzt eingestellt ist, ${bytesText(before)}.`,
    same: (bytes) => `Auf den Laufwerken belegt es ${bytesText(bytes)}.`,
    fromNowOn: 'Das gilt für alles, was ab jetzt dazukommt. Was schon da ist, folgt von selbst, das meiste innerhalb von Stunden.',
    keep: 'So behalten',
    kept: (name) => `„${name}“ wird ab jetzt so gespeichert`,
    more: 'Es kann mehr geben: Der Baum ist groß, und nicht alles wurde angesehen.',
  },
  retention: {
    title: 'Ältere Versionen',
    text: 'Was du änderst oder löschst, lässt sich zurückholen:',
    all: (time) => `jede einzelne Version: ${time}`,
    hourly: (time) => `eine Version je Stunde: ${time}`,
    daily: (time) => `eine Version je Tag: ${time}`,
    trash: (time) => `Was du löschst, bleibt im Papierkorb: ${time}.`,
    picture: 'Am Anfang dicht, dann eine je Stunde, dann eine je Tag',
    today: 'jetzt',
    change: 'Ändern …',
    dialogTitle: 'Wie lange bleiben ältere Versionen?',
    fields: { all: 'Jede Version', hourly: 'Eine je Stunde', daily: 'Eine je Tag', trash: 'Im Papierkorb' },
    days: (count) =>
      count === 0
        ? 'gar nicht'
        : count % 365 === 0
          ? countText(count / 365, 'Jahr', 'Jahre')
          : count % 30 === 0
            ? countText(count / 30, 'Monat', 'Monate')
            : countText(count, 'Tag', 'Tage'),
    preview: (versions, dropped) =>
      dropped === 0
        ? `Alle ${countText(versions, 'Version', 'Versionen')}, die es jetzt gibt, blieben.`
        : `Von ${countText(versions, 'Version', 'Versionen')}, die es jetzt gibt, gingen ${numberText(dropped)} für immer.`,
    oldest: (time) => `Die älteste, die bliebe, ist diese: ${dateText(time)}.`,
    trashDropped: (count) => `Aus dem Papierkorb ${count === 1 ? 'ginge 1 Sache' : `gingen ${numberText(count)} Sachen`} für immer.`,
    keep: 'So behalten',
    dropAndKeep: 'Gehen lassen und so behalten',
    kept: 'So bleibt es ab jetzt',
  },
  thumbnails: {
    title: 'Kleine Bilder',
    text: 'Von Fotos und Filmen werden kleine Bilder aufgehoben, verschlüsselt wie alles andere, damit Ordner schnell zu sehen sind. Wer einen Ordner ansieht, macht die, die fehlen.',
    clear: 'Alle kleinen Bilder entfernen',
    cleared: 'Die kleinen Bilder sind entfernt',
  },
}

/** 'etwa 4 Monaten'. */
function longText(seconds: number): string {
  const days = Math.max(1, Math.round(seconds / 86_400))
  if (days < 14) return `etwa ${countText(days, 'Tag', 'Tagen')}`
  if (days < 60) return `etwa ${countText(Math.round(days / 7), 'Woche', 'Wochen')}`
  if (days < 700) return `etwa ${countText(Math.round(days / 30.4), 'Monat', 'Monaten')}`
  return `etwa ${countText(Math.round(days / 365), 'Jahr', 'Jahren')}`
}
