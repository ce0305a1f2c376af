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
