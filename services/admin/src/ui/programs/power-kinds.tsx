import type { ComponentType } from 'preact'
import type { ProgramGrant, Wish } from '../api/program-calls.ts'
import type { IconName } from '../parts/icons.tsx'
import { texts } from '../texts/texts.ts'
import { FolderPicker } from './pick-folder.tsx'
import { HostsPicker } from './pick-hosts.tsx'
import { PagePicker } from './pick-page.tsx'

export interface PickerProps {
  wish: Wish
  /** What is picked so far; null: nothing that could be given yet. */
  grant: ProgramGrant | null
  onPick: (grant: ProgramGrant | null) => void
}

/** How one kind of power shows, and is picked. */
interface PowerKind {
  icon: IconName
  /** What a program would do with it, in plain words. */
  wish: (wish: Wish) => string
  /** What a program does that was given it. */
  grant: (grant: ProgramGrant) => string
  /** What is picked at first; null: a person must choose. */
  first: (wish: Wish) => ProgramGrant | null
  /** null: to give it is all there is to decide. */
  Picker: ComponentType<PickerProps> | null
}

/** Every kind of power that pages show; for a new one a line here, and its words, are all that is needed. */
const kinds: { readonly [Kind in Wish['kind']]: PowerKind } = {
  folder: {
    icon: 'folder',
    wish: ({ write }) => texts.programs.kinds.folder.wish(write === true),
    grant: (grant) => (grant.kind === 'folder' ? texts.programs.kinds.folder.grant(grant.path, grant.write) : ''),
    first: () => null,
    Picker: FolderPicker,
  },
  hosts: {
    icon: 'network',
    wish: ({ hosts = [] }) => texts.programs.kinds.hosts.wish(hosts.join(', ')),
    grant: (grant) => (grant.kind === 'hosts' ? texts.programs.kinds.hosts.grant(grant.hosts.join(', ')) : ''),
    first: ({ name, hosts = [] }) => (hosts.length === 0 ? null : { kind: 'hosts', name, hosts }),
    Picker: HostsPicker,
  },
  page: {
    icon: 'external',
    wish: () => texts.programs.kinds.page.wish,
    grant: (grant) => texts.programs.kinds.page.grant(grant.kind === 'page' && grant.network),
    first: ({ name }) => ({ kind: 'page', name, network: false }),
    Picker: PagePicker,
  },
  clock: {
    icon: 'clock',
    wish: () => texts.programs.kinds.clock.wish,
    grant: () => texts.programs.kinds.clock.grant,
    first: ({ name }) => ({ kind: 'clock', name }),
    Picker: null,
  },
  alarms: {
    icon: 'clock',
    wish: () => texts.programs.kinds.alarms.wish,
    grant: () => texts.programs.kinds.alarms.grant,
    first: ({ name }) => ({ kind: 'alarms', name }),
    Picker: null,
  },
  signing: {
    icon: 'key',
    wish: () => texts.programs.kinds.signing.wish,
    grant: () => texts.programs.kinds.signing.grant,
    first: ({ name }) => ({ kind: 'signing', name }),
    Picker: null,
  },
  messages: {
    icon: 'user',
    wish: () => texts.programs.kinds.messages.wish,
    grant: (grant) => texts.programs.kinds.messages.grant(grant.kind === 'messages' ? (grant.with?.length ?? null) : null),
    // with some friends only: by `holt program grant`
    first: ({ name }) => ({ kind: 'messages', name, with: null }),
    Picker: null,
  },
}

/** Of a node of a later build there may be one that this page does not know: it is named, and cannot be given here. */
const unknown: PowerKind = {
  icon: 'key',
  wish: ({ kind }) => texts.programs.kinds.other.wish(kind),
  grant: ({ kind }) => texts.programs.kinds.other.grant(kind),
  first: () => null,
  Picker: null,
}

export function kindOf({ kind }: Pick<Wish, 'kind'>): PowerKind {
  return (kinds as Partial<Record<string, PowerKind>>)[kind] ?? unknown
}
