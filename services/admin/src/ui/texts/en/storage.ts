import { bytesText, countText, numberText } from '../../format.ts'

/** The page Storage. */
export const storage = {
  title: 'Storage',
  safe: (losses: number) =>
    losses === 1 ? 'Your files survive the loss of any one drive' : `Your files survive the loss of any ${losses} drives`,
  safeText: 'Everything is where it should be.',
  bare: 'Your files would not survive the loss of a drive',
  bareText: 'Add drives: with three or more, any one may fail and nothing is lost.',
  noDrives: 'There is no drive yet',
  noDrivesText: 'Everything is in the data folder only. Add drives, and it is spread over them.',
  lost: (count: number) =>
    count === 1 ? 'One drive is lost. Your files are all there' : `${count} drives are lost. Your files are all there`,
  lostMargin: (losses: number) =>
    losses === 0
      ? 'But no further drive may fail. Repair soon.'
      : `They survive the loss of ${losses === 1 ? 'one more' : `${losses} more`}. Repair to be as safe as before.`,
  short: 'Some fragments are missing. Your files are all there',
  gone: 'Some files cannot be read now',
  goneText: (packs: number) =>
    `${countText(packs, 'pack has', 'packs have')} too few fragments left. Bring lost drives back, and they can be read again.`,
  spreading: (bytes: number) => `${bytesText(bytes)} are still being spread over the drives.`,
  addDrive: 'Add drive',
  verify: 'Verify',
  verifyTitle: 'Reads every fragment and every block and checks it',
  repair: 'Repair',
  repairTitle: 'Verifies, and makes missing or damaged fragments anew on the drives that are there',
  drives: 'Drives',
  drive: 'Drive',
  ownDrive: 'Data folder',
  states: { ok: 'Healthy', missing: 'Lost', failing: 'Failing', full: 'Full', removing: 'Being emptied' },
  statesText: {
    missing: 'It does not answer. If it is only unplugged, plug it in again; if it is gone, repair onto the others and forget it.',
    failing: 'It reports faults. Add another one and remove this one.',
    full: 'No more fits on it.',
    removing: 'Its fragments are being moved elsewhere.',
  },
  free: (bytes: number, all: number) => `${bytesText(bytes)} of ${bytesText(all)} free`,
  fragments: (count: number) => countText(count, 'fragment', 'fragments'),
  capacityLegend: { holt: 'Holt', other: 'Other data', free: 'Free' },
  remove: 'Remove …',
  forget: 'Forget …',
  removeTitle: (name: string) => `Remove “${name}”?`,
  removeText: 'Its fragments are moved to the other drives first. This may take a while; it can be cancelled.',
  removeButton: 'Remove drive',
  forgetTitle: (name: string) => `Forget “${name}”?`,
  forgetText: 'Do this when the drive is gone for good. Repair first: then what it held is on the others.',
  forgetButton: 'Forget drive',
  addTitle: 'Add a drive',
  addText: 'A folder on a disk of its own. It must be empty, or have been a drive of yours.',
  addBox: 'What you plug into the box is made ready on the page Box.',
  toBox: 'To the page Box',
  added: (name: string) => `“${name}” is a drive now`,
  layout: 'How your files are spread',
  layoutText: (k: number, n: number) =>
    n === 1
      ? 'Everything is kept once, on one drive.'
      : k === 1
        ? `Everything is kept ${n} times, on ${n} drives: any one is enough.`
        : `Everything is cut into ${n} fragments on ${n} drives. Any ${k} of them bring all of it back.`,
  layoutTerm: (k: number, n: number) => `Reed–Solomon code, ${k} of ${n}`,
  layoutSpare: 'spare',
  layoutData: 'data',
  layoutLost: 'lost',
  className: (name: string) => (name === 'standard' ? 'Standard' : name === 'names' ? 'Names of files and folders' : name),
  classes: 'Redundancy classes',
  classLosses: (losses: number) =>
    losses < 0 ? 'Some of it is lost' : losses === 0 ? 'Survives no loss' : losses === 1 ? 'Survives 1 loss' : `Survives ${losses} losses`,
  stored: 'Stored',
  storedTerm: (blocks: number, packs: number) => `${countText(blocks, 'block', 'blocks')} in ${countText(packs, 'pack', 'packs')}`,
  onDrives: 'On drives',
  freeAll: 'Free',
  job: {
    verify: 'Verifying',
    repair: 'Repairing',
    'remove-drive': 'Emptying the drive',
    recover: 'Bringing files back',
  },
  jobDone: {
    verify: 'Verified',
    repair: 'Repaired',
    'remove-drive': 'The drive is removed',
    recover: 'Files were brought back',
  },
  jobCancelled: 'Cancelled. What was done so far stays done.',
  cancelling: 'Ending …',
  progressItems: (done: number, all: number) => (all > 0 ? `${numberText(done)} of ${numberText(all)}` : numberText(done)),
  healthy: 'Nothing is wrong.',
  checked: (bytes: number, fragments: number) => `${bytesText(bytes)} read, ${countText(fragments, 'fragment', 'fragments')} checked.`,
  repairedFragments: (count: number) => `${countText(count, 'fragment was', 'fragments were')} made anew.`,
  problems: (count: number) => countText(count, 'problem was found', 'problems were found'),
  problemsMore: (count: number) => `and ${countText(count, 'more', 'more')}`,
  problem: {
    'fragment-missing': 'A fragment is missing',
    'fragment-corrupt': 'A fragment is damaged',
    'block-corrupt': 'A block is damaged',
    'copy-corrupt': 'A copy of new data is damaged',
    'copy-missing': 'New data is on too few drives',
    'pack-lost': 'A pack has too few fragments',
    'file-lost': 'A file cannot be read',
    'drive-missing': 'A drive is lost',
    'index-wrong': 'The index was wrong',
    'marker-corrupt': 'The mark of a drive is damaged',
  },
  mended: 'mended',
  notMended: 'not mended',
}
