import { bytesText, countText } from '../../format.ts'

/** The page Home. */
export const home = {
  title: 'Is everything safe?',
  look: 'Look closer',
  needs: 'This needs you',
  needsNothing: 'Nothing needs you now.',
  now: 'Going on',
  well: 'All is well with',
  failed: 'The node could not open its store',
  losses: 'Drives that may fail',
  lossesTerm: 'How many more drives may be lost at once before a file is, by the worst of all packs',
  unspread: 'Still to spread',
  unmended: 'Not as safe as planned',
  nothing: 'nothing',
  pack: 'pack',
  packs: 'packs',
  picture: {
    stored: (size: string) => `${size} are stored.`,
    drive: (name: string, state: string, free: string, all: string) => `${name}: ${state}, ${free} of ${all} free.`,
  },
  drives: {
    fine: (count: number) => (count === 1 ? 'The drive answers' : `All ${count} drives answer`),
    missing: (name: string) => `The drive “${name}” is lost`,
    failing: (name: string) => `The drive “${name}” is failing`,
    full: (name: string) => `The drive “${name}” is full`,
    removing: (name: string) => `The drive “${name}” is being emptied`,
    text: {
      missing: 'Plug it in again, or repair onto the others.',
      failing: 'Add another one and remove this one.',
      full: 'Add a drive, so that new files can be spread.',
    },
    says: (problem: string) => `The node says: ${problem}.`,
  },
  space: {
    enough: (free: number) => `${bytesText(free)} of space left on the drives`,
    little: (free: number, all: number) => `Only ${bytesText(free)} of ${bytesText(all)} are left on the drives`,
    littleText: 'Add a drive before they are full.',
    system: (free: number) => `Only ${bytesText(free)} are left where the node keeps its own data`,
    systemText: 'Make room there: without it nothing new can be written.',
  },
  key: {
    saved: 'Your root key, which has a backup',
    missing: 'Your root key has no backup file yet',
    missingText: 'If this machine breaks, only the 24 words on your sheet bring your files back. Save the file too.',
  },
  work: {
    degraded: (packs: number) => `${countText(packs, 'pack is', 'packs are')} not as safe as planned`,
    degradedText: 'Repair makes the missing fragments anew.',
  },
  disks: {
    failing: (name: string) => `${name} says of itself that it is failing`,
    failingText: 'Take another one soon.',
    worn: (name: string) => `${name} is worn`,
    wornText: 'It still works. Have another one ready.',
  },
  clock: {
    fine: 'The clock, which the network sets',
    wrong: 'The clock may be wrong',
    wrongText: 'The box does not have the time from the network. Dates of new files may be wrong.',
  },
  network: {
    online: 'The way to the internet',
    offline: 'There is no way to the internet',
    offlineText: 'Your files here are not affected.',
  },
  updates: {
    newest: (version: string) => `The system, version ${version}`,
    offer: (version: string) => `Version ${version} of the system is there`,
    byHand: 'Install it when it suits you.',
    begins: (when: string) => `It is installed by itself: ${when}.`,
    trial: (version: string) => `Version ${version} of the system is on trial`,
    fellBack: (version: string) => `Version ${version} of the system did not work`,
    fellBackText: 'The box went back to the version before. Your files are as they were.',
  },
  way: {
    encrypted: 'The way to this page, which is encrypted',
    plain: 'The way to this page is not encrypted',
    plainText: 'Who is in your network could read along. Install the certificate of this box once.',
  },
}
