import { countText, numberText } from '../../format.ts'

/** The page Peers: other nodes. */
export const peers = {
  title: 'Other nodes',
  lead: 'Nodes of yours and of friends. Paired nodes tell each other where they are.',
  paired: 'Paired',
  none: 'This node is paired with no other yet.',
  pair: 'Pair with a node',
  nearby: (count: number) =>
    count === 0
      ? 'Nobody else is on this network now.'
      : `${countText(count, 'other node is', 'other nodes are')} on this network. They are told nothing of yours.`,
  others: 'On the local network',
  onText: 'This node says on its local networks that it is there, and looks for others. Nothing is reachable from the internet.',
  offText: 'This node neither listens for others nor looks for them.',
  turnOff: 'Turn off',
  turnOn: 'Turn on',
  notRunning: 'This node was started without a way to others.',
  connected: 'connected',
  neverSeen: 'not met yet',
  seen: (when: string) => `met ${when}`,
  endedThere: 'ended by the other side',
  relations: { mine: 'yours', friend: 'a friend’s' },
  share: {
    keeps: (name: string) => `Let ${name} keep what I have`,
    text: 'Friends keep encrypted pieces of your files, of which they can read nothing, and give you everything back should your house burn.',
    there: 'Of yours there',
    here: 'Of theirs here',
    newest: 'Has all you saved until',
    notYet: 'not yet',
    most: (name: string) => `What ${name} may fill here`,
    asMuch: (most: string) => `As much as mine there (${most})`,
    nothing: 'Nothing',
    kept: 'So it is kept',
    picture: (held: number, all: number) =>
      held === 0
        ? 'No friend keeps anything of yours yet.'
        : `${countText(held, 'friend keeps', 'friends keep')} what you have, of ${all}.`,
  },
  score: {
    there: (percent: string) => `there ${percent} of the time`,
    answers: (ms: number) => `answers in ${numberText(ms)} ms`,
    of: (trust: number) => `score ${numberText(trust)} of 100`,
    faults: (count: number) => `lately ${countText(count, 'piece was', 'pieces were')} not as it should be`,
    gone: 'silent for too long: others get what it has',
  },
  place: {
    label: (name: string) => `Where ${name} is`,
    here: 'Where this node is',
    hint: 'As you call it. What is in one place is lost together, so pieces go to as many places as there are.',
    usual: 'Grandma’s house',
    keep: 'Keep',
    kept: 'The place is kept',
  },
  safety: {
    title: 'How safe it is with friends',
    none: 'No friend keeps anything of yours yet. What burns here is lost.',
    friends: (count: number, apart: number) =>
      apart === count
        ? `${countText(count, 'friend keeps', 'friends keep')} what you have.`
        : `${countText(count, 'friend keeps', 'friends keep')} what you have, but only ${numberText(apart)} would not be lost together with others or with this node.`,
    lost: (files: number) =>
      files <= 1 ? 'When it burns here, all of it is lost.' : `Of ${numberText(files)} files, one would be lost in a year.`,
    later: (files: number) => `Once friends have all they are to have: one of ${numberText(files)}.`,
    reached: 'That is as safe as you wish, or safer.',
    more: (friends: number) =>
      `For what you wish, ${countText(friends, 'more friend', 'more friends')} like these would be needed, each in another place.`,
    tooLittle: 'More friends like these would not reach what you wish: they would have to be there more of the time.',
    wish: (name: string) => `What you wish for ${name}`,
    wishes: (files: number) => `One file of ${numberText(files)} a year`,
    wished: 'Friends get as much as that takes',
    reckoned: (houses: number, friends: number) =>
      `A file is lost when everything here is lost at once and too few friends can give it back. How often they are there was measured; assumed is that one house in ${numberText(houses)} and one friend in ${numberText(friends)} is lost in a year.`,
    early: 'Not all friends have been known for a day. Until then they are not counted on much.',
    silence: (time: string) => `Who cannot be reached for ${time} counts as gone, and others get what they had.`,
  },
  addresses: 'For the day of the fire',
  addressesText:
    'Friends who have lost everything find what you keep for them by one of these addresses. They may write one down beside their 24 words.',
  end: 'End',
  endOf: (name: string) => `End the relation with ${name}`,
  reallyEnd: 'End for good',
  ended: (name: string) => `${name} is a stranger now.`,
  whose: 'Whose node is it?',
  kinds: { friend: 'A friend’s', mine: 'Mine, set up with the same 24 words' },
  name: 'Name of this node',
  nameHint: 'How the other side will call it.',
  usualName: 'My node',
  showCode: 'Show a code',
  typeCode: 'Or type the code of the other node',
  typeHint: 'Eight letters and digits, in any case; or the link of its QR code.',
  take: 'Pair',
  pairedWith: (name: string) => `Paired with ${name}.`,
  codeText: 'Type this on the other node. It is good for ten minutes and one pairing; three wrong tries end it. Closing this ends it, too.',
  scan: 'The code as a QR code',
  codeOver: 'Nobody took the code in its time. Show a new one.',
  codeGuessed: 'Three wrong tries ended the code. If that was not you, somebody on your network is guessing.',
}
