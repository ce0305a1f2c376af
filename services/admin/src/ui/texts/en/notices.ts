import { countText } from '../../format.ts'

/** The page News. */
export const notices = {
  title: 'What is new',
  allRead: 'Mark all as read',
  markRead: (what: string) => `Mark as read: ${what}`,
  unread: (count: number) => countText(count, 'unread message', 'unread messages'),
  new: 'new',
  nothing: 'Nothing to tell you yet. When something needs you, it stands here.',
  /** Also what a device shows while no page is open: nothing in them may tell what is stored here. */
  kinds: {
    'drive-missing': 'A drive is lost',
    'drive-failing': 'A drive is failing',
    'storage-full': 'The drives are nearly full',
    'repair-needed': 'Something needs to be repaired',
    'repair-finished': 'The repair has ended',
    'update-ready': 'An update is ready',
    'update-installed': 'An update was installed',
    'key-not-kept': 'Your recovery kit was never saved',
    'files-merged': 'Two nodes had changed the same file',
    'share-ends': 'A link you shared ends soon',
    'folder-request': 'A friend would like to write',
    'folder-offered': 'A friend shares a folder',
    'new-device': 'Somebody signed in on a new device',
    'password-changed': 'Your password was changed',
    test: 'Messages arrive on this device',
  },
  somethingNew: 'There is something new',
  about: {
    'drive-missing': (name: string) => `${name} does not answer. If it is only unplugged, plug it in again.`,
    'drive-failing': (name: string) => `${name} reports faults. Add another drive and remove this one.`,
    'storage-full': () => 'Less than a tenth is free. Add a drive, or delete what nobody needs.',
    'repair-needed': () => 'Your files are less safe than they should be. Repair makes what is missing anew.',
    'repair-finished': (outcome: string): string =>
      outcome === 'good'
        ? 'Nothing is wrong any more.'
        : outcome === 'failed'
          ? 'It could not be finished.'
          : 'Some of what was wrong is left.',
    'update-ready': (version: string) => `Version ${version} can be installed.`,
    'update-installed': (version: string) => `Version ${version} runs now.`,
    'key-not-kept': () => 'Without it nothing can be brought back when this machine is gone. It takes two minutes.',
    'folder-request': (name: string) => `${name} asks to write in a folder of yours.`,
    'folder-offered': (label: string) => `You can take “${label}”.`,
    'files-merged': (paths: string) => `${paths}: one content stands, the other is among its versions.`,
    'share-ends': (label: string) => `“${label}” opens for two more days at most.`,
    'new-device': (device: string) =>
      `${device || 'A program that does not say what it is'}. Was it not you? Sign it out and change your password.`,
    'password-changed': (device: string) =>
      `${device || 'From a program that does not say what it is'}. Was it not you? Ask the owner for help at once.`,
  },
  push: {
    title: 'On this device',
    text: 'This device can tell you also while the page is closed. A message says what kind of thing it is, and nothing of what you keep here.',
    on: 'Tell me on this device',
    off: 'Stop telling me here',
    test: 'Send a test',
    testSent: 'It is on its way',
    testFailed: 'It could not be sent. Does this box reach the internet?',
    which: 'Tell me of',
    unsupported: 'This browser shows no messages while the page is closed.',
    insecure: 'For that, the way to this page has to be encrypted. How that is done stands on the page Owner.',
    denied: 'This browser was told not to show messages of this page. That can be changed in its settings.',
    failed: 'The browser reached no push service. It needs the internet for that.',
    others: 'Devices that are told',
    unknownDevice: 'A browser',
    failing: 'does not get them now',
    remove: (device: string) => `Tell ${device} nothing more`,
    turnedOn: 'This device is told from now on',
  },
}
