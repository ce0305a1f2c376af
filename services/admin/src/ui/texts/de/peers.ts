import type { Texts } from '../texts.ts'
import { countText, numberText } from '../../format.ts'

export const peers: Texts['peers'] = {
  title: 'Andere Knoten',
  lead: 'Deine Knoten und die von Freunden. Gekoppelte Knoten sagen einander, wo sie sind.',
  paired: 'Gekoppelt',
  none: 'Dieser Knoten ist noch mit keinem anderen gekoppelt.',
  pair: 'Mit einem Knoten koppeln',
  nearby: (count) =>
    count === 0
      ? 'Sonst ist gerade niemand in diesem Netz.'
      : `${countText(count, 'anderer Knoten ist', 'andere Knoten sind')} in diesem Netz. Sie erfahren nichts von deinen Dateien.`,
  others: 'Im Netz zu Hause',
  onText: 'Dieser Knoten sagt in seinen lokalen Netzen, dass er da ist, und sucht andere. Aus dem Internet ist nichts davon erreichbar.',
  offText: 'Dieser Knoten sucht keine anderen und ist für keine anderen zu finden.',
  turnOff: 'Ausschalten',
  turnOn: 'Einschalten',
  notRunning: 'Dieser Knoten wurde ohne Weg zu anderen gestartet.',
  connected: 'verbunden',
  neverSeen: 'noch nicht getroffen',
  seen: (when) => `zuletzt getroffen: ${when}`,
  endedThere: 'von der anderen Seite beendet',
  relations: { mine: 'gehört dir', friend: 'gehört einem Freund' },
  share: {
    keeps: (name) => `${name} soll aufbewahren, was ich habe`,
    text: 'Freunde bewahren verschlüsselte Stücke deiner Dateien auf, von denen sie nichts lesen können, und geben dir alles zurück, sollte dein Haus brennen.',
    there: 'Von dir dort',
    here: 'Von dort hier',
    newest: 'Hat alles bis',
    notYet: 'noch nicht',
    most: (name) => `So viel darf ${name} hier füllen`,
    asMuch: (most) => `So viel wie von mir dort (${most})`,
    nothing: 'Nichts',
    kept: 'So bleibt es',
    picture: (held, all) =>
      held === 0
        ? 'Noch bewahrt kein Freund etwas von dir auf.'
        : `${countText(held, 'Freund bewahrt', 'Freunde bewahren')} auf, was du hast, von ${all}.`,
  },
  score: {
    there: (percent) => `zu ${percent} der Zeit da`,
    answers: (ms) => `antwortet in ${numberText(ms)} ms`,
    of: (trust) => `${numberText(trust)} von 100 Punkten`,
    faults: (count) => `in letzter Zeit ${countText(count, 'Stück war', 'Stücke waren')} nicht so, wie es sein soll`,
    gone: 'zu lange still: andere bekommen, was er hat',
  },
  place: {
    label: (name) => `Wo ${name} ist`,
    here: 'Wo dieser Knoten ist',
    hint: 'So, wie du den Ort nennst. Was an einem Ort ist, geht zusammen verloren, deshalb kommen die Stücke an so viele Orte, wie es gibt.',
    usual: 'Omas Haus',
    keep: 'Merken',
    kept: 'Der Ort ist gemerkt',
  },
  safety: {
    title: 'Wie sicher es bei Freunden ist',
    none: 'Noch bewahrt kein Freund etwas von dir auf. Was hier verbrennt, ist verloren.',
    friends: (count, apart) =>
      apart === count
        ? `${countText(count, 'Freund bewahrt', 'Freunde bewahren')} auf, was du hast.`
        : `${countText(count, 'Freund bewahrt', 'Freunde bewahren')} auf, was du hast, aber nur ${numberText(apart)} davon ginge nicht zusammen mit anderen oder mit diesem Knoten verloren.`,
    lost: (files) =>
      files <= 1 ? 'Wenn es hier brennt, ist davon alles verloren.' : `Von ${numberText(files)} Dateien ginge in einem Jahr eine verloren.`,
    later: (files) => `Sobald Freunde alles haben, was sie haben sollen: eine von ${numberText(files)}.`,
    reached: 'Das ist so sicher, wie du es willst, oder sicherer.',
    more: (friends) =>
      `Für das, was du willst, ${friends === 1 ? 'fehlt' : 'fehlen'} noch ${countText(friends, 'solcher Freund', 'solche Freunde')}, jeder an einem anderen Ort.`,
    tooLittle: 'Mehr solche Freunde reichen nicht für das, was du willst: Sie müssten öfter da sein.',
    wish: (name) => `Was du für ${name} willst`,
    wishes: (files) => `Eine Datei von ${numberText(files)} im Jahr`,
    wished: 'Freunde bekommen so viel, wie das braucht',
    reckoned: (houses, friends) =>
      `Eine Datei ist verloren, wenn hier auf einmal alles verloren geht und zu wenige Freunde sie zurückgeben können. Wie oft sie da sind, ist gemessen; angenommen ist, dass in einem Jahr eines von ${numberText(houses)} Häusern und einer von ${numberText(friends)} Freunden verloren geht.`,
    early: 'Nicht alle Freunde sind schon einen Tag bekannt. Bis dahin wird wenig auf sie gezählt.',
    silence: (time) => `Wer ${time} lang nicht zu erreichen ist, gilt als weg, und andere bekommen, was er hatte.`,
  },
  own: {
    title: 'Deine Knoten',
    text: 'Sie haben dieselben Dateien: Was du an einem änderst, ist gleich darauf auch bei den anderen.',
    alone: 'Das ist dein einziger Knoten. Ein weiterer hat dieselben Dateien und macht weiter, wenn dieser aus ist.',
    here: 'Dieser Knoten',
    rename: 'Benennen',
    nameOf: 'Name dieses Knotens',
    keepName: 'Behalten',
    named: 'So heißt er jetzt.',
    leads: 'führt',
    standings: {
      alike: 'hat dieselben Dateien',
      behind: 'ist hinterher: Er muss noch übernehmen, was hier ist',
      ahead: 'hat mehr als dieser hier, der es gerade übernimmt',
      apart: 'hat andere Änderungen, die gerade zusammengeführt werden',
      unknown: 'hat sich noch nicht gemeldet',
    },
    neverHeard: 'noch nicht erreicht',
    away: (when) => `nicht da; seine Dateien sind die von ${when}`,
    missing: 'Einige Inhalte kommen noch von den anderen.',
    leader: 'Wer führt',
    nobodyLeads: 'Niemand',
    always: (name) => `${name}, wann immer er läuft`,
    elected: 'Wen mehr als die Hälfte wählt',
    leaderText:
      'Wer führt, ordnet die Änderungen und gibt Programmen, was eine Zeit lang nur sie ändern dürfen. Alles andere geht auch ohne.',
    leaderKept: 'In ein paar Sekunden ist es so.',
    merged: 'An zwei Knoten getrennt geändert',
    mergedText: 'Von jeder dieser Dateien gilt ein Inhalt; der andere ist bei ihren Versionen.',
    add: 'Einen Knoten von mir hinzufügen',
    codeText: 'Gib das am neuen Knoten ein, oder starte dort:',
    codeSecret:
      'Wer den Code in den nächsten zehn Minuten hat, bekommt alle deine Dateien: Sag ihn niemandem. Auch das Schließen beendet ihn.',
    joined: 'Der neue Knoten gehört jetzt dir.',
  },
  addresses: 'Für den Tag des Feuers',
  addressesText:
    'Freunde, die alles verloren haben, finden über eine dieser Adressen, was du für sie aufbewahrst. Sie können eine davon neben ihre 24 Wörter schreiben.',
  end: 'Beenden',
  endOf: (name) => `Verbindung mit ${name} beenden`,
  reallyEnd: 'Endgültig beenden',
  ended: (name) => `${name} ist jetzt wieder fremd.`,
  whose: 'Wem gehört der Knoten?',
  kinds: { friend: 'Einem Freund', mine: 'Mir, eingerichtet mit denselben 24 Wörtern' },
  name: 'Name dieses Knotens',
  nameHint: 'So nennt ihn die andere Seite.',
  usualName: 'Mein Knoten',
  showCode: 'Code zeigen',
  typeCode: 'Oder den Code des anderen Knotens eingeben',
  typeHint: 'Acht Buchstaben und Ziffern, groß oder klein; oder der Link aus dem QR-Code.',
  take: 'Koppeln',
  pairedWith: (name) => `Gekoppelt mit ${name}.`,
  codeText:
    'Gib das am anderen Knoten ein. Der Code gilt zehn Minuten und für eine Kopplung; drei falsche Versuche beenden ihn. Auch das Schließen beendet ihn.',
  scan: 'Der Code als QR-Code',
  codeOver: 'In der Zeit hat niemand den Code eingegeben. Zeig einen neuen.',
  codeGuessed: 'Drei falsche Versuche haben den Code beendet. Wenn du das nicht warst, rät jemand in deinem Netz.',
}
