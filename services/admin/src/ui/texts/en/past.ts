import { bytesText, countText } from '../../format.ts'

/** Details of a file, its versions compared, and folders as they were. */
export const past = {
  details: 'Details',
  kind: 'Kind',
  kinds: {
    folder: 'A folder',
    picture: 'A picture',
    video: 'A film',
    audio: 'Music or speech',
    text: 'Text',
    pdf: 'PDF',
    link: 'A link to something else',
    other: 'A file',
  },
  folder: 'Lies in',
  versions: 'Versions',
  versionCount: (count: number, more: boolean) => `${more ? 'at least ' : ''}${countText(count, 'is kept', 'are kept')}`,
  kept: 'Kept so that it',
  survives: (losses: number) =>
    losses < 0
      ? 'does not survive: parts are lost already.'
      : losses === 0
        ? 'does not survive the loss of another drive.'
        : losses === 1
          ? 'survives the loss of any one drive.'
          : `survives the loss of any ${losses} drives.`,
  code: (name: string, needed: number, all: number) => `(${name}: any ${needed} of ${all} pieces rebuild it)`,
  shared: 'Shared by',
  notShared: 'no link',
  toTree: 'Show where its blocks lie',
  compare: 'Compare with now',
  compareTitle: (name: string) => `Two versions of “${name}”`,
  older: 'Older',
  newer: 'Newer',
  same: 'The two are the same.',
  otherKind: (older: number, newer: number) =>
    `What is in this kind of file cannot be compared here. It had ${bytesText(older)} and has ${bytesText(newer)}.`,
  tooDifferent: 'The two have too little in common to be compared line by line.',
  leftOut: (lines: number) => `… ${countText(lines, 'line', 'lines')} the same …`,
  lookBack: 'As it was',
  lookBackTitle: (name: string) => `“${name}” as it was`,
  date: 'When',
  empty: 'Nothing was in here.',
  gone: 'not there any more',
  changed: 'changed since',
  more: 'There was more; the first 1000 are shown.',
  bringBack: (count: number) => (count === 0 ? 'Bring back' : `Bring ${countText(count, 'item', 'items')} back`),
  broughtBack: (count: number) => `${countText(count, 'item is', 'items are')} as then`,
}
