import type { DriveInfo } from '../api/calls.ts'
import { bytesText, hourText } from '../format.ts'
import { driveName } from '../storage/drive-name.ts'
import type { PageName } from '../state/page-names.ts'
import { healthOf } from '../storage/health.ts'
import { texts } from '../texts/texts.ts'
import type { Facts } from './facts.ts'

export type Level = 'bad' | 'warn' | 'info' | 'good'

/** One thing that is true, and where one acts on it. */
export interface Statement {
  level: Level
  title: string
  text?: string
  page: Exclude<PageName, 'files'>
}

/** A tenth free is little for drives that fill. */
const LITTLE_SPACE = 0.1
/** A file system this full soon keeps a node from working. */
const LITTLE_ON_SYSTEM = 0.05

/** How safe the files are: the first thing said. */
export function headline({ drives, classes, status }: Facts): Statement {
  const { level, title, text } = healthOf(drives, classes, status)
  if (status.state === 'failed') return { level: 'bad', title: texts.home.failed, text: status.problem, page: 'system' }
  return { level, title, text, page: 'storage' }
}

/** All else, what is worst first. What could not be read is not said to be well. */
export function statementsOf(facts: Facts): Statement[] {
  const all = [drivesOf, spaceOf, keyOf, workOf, disksOf, clockOf, networkOf, updatesOf, wayOf].flatMap((about) => about(facts))
  const order: Level[] = ['bad', 'warn', 'info', 'good']
  return all.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
}

function drivesOf({ drives }: Facts): Statement[] {
  const words = texts.home.drives
  const about = ({ state, folder, problem }: DriveInfo): Statement[] => {
    const name = driveName(folder)
    if (state === 'ok') return []
    if (state === 'removing') return [{ level: 'info', title: words.removing(name), page: 'storage' }]
    const text = problem === undefined ? words.text[state] : `${words.text[state]} ${words.says(problem)}`
    return [{ level: state === 'full' ? 'warn' : 'bad', title: words[state](name), text, page: 'storage' }]
  }
  const unwell = drives.flatMap(about)
  return unwell.length > 0 || drives.length === 0 ? unwell : [{ level: 'good', title: words.fine(drives.length), page: 'storage' }]
}

function spaceOf({ drives, volumes, status }: Facts): Statement[] {
  const words = texts.home.space
  const working = drives.filter(({ state }) => state === 'ok' || state === 'full')
  const [free, total] = [
    working.reduce((sum, { freeBytes }) => sum + freeBytes, 0),
    working.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
  ]
  const said: Statement[] = []
  if (total > 0 && free < LITTLE_SPACE * total)
    said.push({ level: 'warn', title: words.little(free, total), text: words.littleText, page: 'storage' })
  else if (total > 0) said.push({ level: 'good', title: words.enough(free), page: 'storage' })
  const own = (volumes ?? [])
    .filter(({ mount }) => mount === '/' || status.dataFolder === mount || status.dataFolder.startsWith(`${mount}/`))
    .sort((a, b) => b.mount.length - a.mount.length)[0]
  if (own && own.totalBytes > 0 && own.freeBytes < LITTLE_ON_SYSTEM * own.totalBytes)
    said.push({ level: 'bad', title: words.system(own.freeBytes), text: words.systemText, page: 'system' })
  return said
}

function keyOf({ status }: Facts): Statement[] {
  const words = texts.home.key
  if (status.keyBackedUp) return [{ level: 'good', title: words.saved, page: 'owner' }]
  return [{ level: 'warn', title: words.missing, text: words.missingText, page: 'owner' }]
}

function workOf({ jobs, status: { store } }: Facts): Statement[] {
  const words = texts.home.work
  const running = jobs.filter(({ state }) => state === 'running').map(({ kind }) => kind)
  const said: Statement[] = []
  for (const kind of ['repair', 'verify', 'remove-drive', 'recover'] as const)
    if (running.includes(kind)) said.push({ level: 'info', title: `${texts.storage.job[kind]} …`, page: 'storage' })
  if (store.degradedPacks > 0)
    said.push({ level: 'warn', title: words.degraded(store.degradedPacks), text: words.degradedText, page: 'storage' })
  if (store.unspreadBytes > 0) said.push({ level: 'info', title: texts.storage.spreading(store.unspreadBytes), page: 'storage' })
  return said
}

function disksOf({ disks }: Facts): Statement[] {
  const words = texts.home.disks
  return disks.flatMap(({ disk, health }): Statement[] => {
    if (health?.state === 'failing')
      return [{ level: 'bad', title: words.failing(disk.name), text: health.problems.join(', ') || words.failingText, page: 'box' }]
    return health?.state === 'worn' ? [{ level: 'warn', title: words.worn(disk.name), text: words.wornText, page: 'box' }] : []
  })
}

function clockOf({ access }: Facts): Statement[] {
  if (!access?.time) return []
  const { fine, wrong, wrongText } = texts.home.clock
  return access.time.synchronized
    ? [{ level: 'good', title: fine, page: 'box' }]
    : [{ level: 'warn', title: wrong, text: wrongText, page: 'box' }]
}

function networkOf({ network }: Facts): Statement[] {
  if (network === null) return []
  const { online, offline, offlineText } = texts.home.network
  return [
    network.online
      ? { level: 'good', title: online, page: 'network' }
      : { level: 'warn', title: offline, text: offlineText, page: 'network' },
  ]
}

function updatesOf({ updates }: Facts): Statement[] {
  if (!updates?.status.available) return []
  const { status, plan } = updates
  const words = texts.home.updates
  const said: Statement[] = []
  if (status.fellBackFrom !== null)
    said.push({ level: 'warn', title: words.fellBack(status.fellBackFrom), text: words.fellBackText, page: 'box' })
  if (status.onTrial) said.push({ level: 'info', title: words.trial(status.version ?? ''), page: 'box' })
  const [newest] = plan?.offers ?? []
  if (newest)
    said.push({
      level: 'info',
      title: words.offer(newest.version),
      text: plan?.begins ? words.begins(hourText(plan.begins)) : words.byHand,
      page: 'box',
    })
  return said.length > 0 ? said : [{ level: 'good', title: words.newest(status.version ?? ''), page: 'box' }]
}

function wayOf({ secure }: Facts): Statement[] {
  if (secure === null) return []
  const { encrypted, plain, plainText } = texts.home.way
  return [secure ? { level: 'good', title: encrypted, page: 'owner' } : { level: 'warn', title: plain, text: plainText, page: 'owner' }]
}

/** What the picture says to those who do not see it. */
export function pictureText({ drives, status }: Facts): string {
  const { picture } = texts.home
  const each = drives.map(({ folder, state, totalBytes, freeBytes }) =>
    picture.drive(driveName(folder), texts.storage.states[state], bytesText(freeBytes), bytesText(totalBytes)),
  )
  return [picture.stored(bytesText(status.store.packBytes)), ...each].join(' ')
}
