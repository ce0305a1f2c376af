import { countText } from '../../format.ts'

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
