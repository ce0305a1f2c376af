import { activity } from './activity.ts'
import type { Texts } from '../texts.ts'
import { box } from './box.ts'
import { common } from './common.ts'
import { files } from './files.ts'
import { formats } from './formats.ts'
import { home } from './home.ts'
import { network } from './network.ts'
import { past } from './past.ts'
import { notices } from './notices.ts'
import { owner } from './owner.ts'
import { peers } from './peers.ts'
import { photos } from './photos.ts'
import { plans } from './plans.ts'
import { refusals } from './refusals.ts'
import { secure } from './secure.ts'
import { security } from './security.ts'
import { setup } from './setup.ts'
import { share } from './share.ts'
import { programs } from './programs.ts'
import { shared } from './shared.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { storage } from './storage.ts'
import { system } from './system.ts'
import { trash } from './trash.ts'
import { tree } from './tree.ts'
import { uploads } from './uploads.ts'

export const de: Texts = {
  activity,
  box,
  common,
  files,
  formats,
  home,
  network,
  past,
  notices,
  owner,
  peers,
  photos,
  plans,
  refusals,
  secure,
  security,
  setup,
  share,
  programs,
  shared,
  shell,
  signIn,
  storage,
  system,
  trash,
  tree,
  uploads,
}
