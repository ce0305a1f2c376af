/** What stands around every page, and before there is one. */
export const shell = {
  product: 'Holt',
  loading: 'One moment …',
  offline: { title: 'The node does not answer', text: 'Is it running, and is this the right address?', again: 'Try again' },
  failed: 'The node could not open its store. Nothing can be read or written until this is mended:',
  language: 'Language',
  nav: {
    home: 'Home',
    files: 'Files',
    trash: 'Trash',
    storage: 'Storage',
    network: 'Network',
    box: 'Box',
    system: 'System',
    owner: 'Owner',
    security: 'Security',
    activity: 'Activity',
    main: 'Main',
    others: 'Other pages',
    signOut: 'Sign out',
    skip: 'Skip to the content',
  },
}
