import { countText } from '../../format.ts'

/** The page Trash. */
export const trash = {
  title: 'Trash',
  text: 'What you delete waits here and can be put back. After a while it goes by itself.',
  term: 'Entries are moved here with one commit; after 30 days, or what the retention says, they are removed',
  name: 'Name',
  place: 'Where it was',
  when: 'Deleted',
  top: 'Files',
  restore: 'Put back',
  restoreOne: (name: string) => `Put “${name}” back`,
  restored: (count: number) => `${countText(count, 'item is', 'items are')} back where it was`,
  empty: 'Empty the trash',
  emptyTitle: 'Empty the trash?',
  emptyText: 'This cannot be undone here. Older versions of your files keep what was in it for a while longer.',
  emptied: (count: number) => `${countText(count, 'item was', 'items were')} removed for good`,
  removeOne: (name: string) => `Remove “${name}” for good`,
  nothing: 'The trash is empty',
  nothingText: 'What you delete comes here first.',
  takenTitle: (count: number, name: string) => (count === 1 ? `“${name}” is there already` : `${count} names are taken already`),
  takenText: 'Something else has come to be there since. What shall happen?',
  keepBoth: 'Keep both',
  replace: 'Replace',
  replaceHint: 'What is there now goes to the trash itself.',
}
