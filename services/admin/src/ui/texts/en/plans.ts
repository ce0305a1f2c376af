import { bytesText, countText, dateText, durationText, numberText } from '../../format.ts'

const drives = (count: number): string => (count === 1 ? 'one drive' : `any ${count === 2 ? 'two' : count === 3 ? 'three' : count} drives`)

/** What the owner decides on the page Storage. */
export const plans = {
  space: {
    title: 'How it fills up',
    span: 'Time shown',
    spans: { month: 'Month', years: 'Years' },
    now: (used: number, all: number) => `${bytesText(used)} of ${bytesText(all)} used`,
    full: (seconds: number) => `At this pace the drives are full in ${longText(seconds)}.`,
    fullNow: 'The drives are full.',
    slow: 'At this pace there is room for years.',
    unknown: 'It is too early to say when they will be full: that takes two weeks, and a pace that holds.',
    nothing: 'What is used is noted from now on. Look again tomorrow.',
    label: (from: string, used: number, all: number) =>
      `Used space over time, from ${from} until today: now ${bytesText(used)} of ${bytesText(all)}`,
    at: (used: number, time: number) => `${bytesText(used)} used, ${dateText(time)}`,
    legendUsed: 'used',
    legendAll: 'all there is',
  },
  checks: {
    title: 'Last check',
    never: 'Nothing was ever checked as a whole. Verify reads everything once and looks whether it is still as it was stored.',
    done: (time: number) => `Checked ${dateText(time)}.`,
    good: 'Nothing was wrong.',
    bad: (problems: number) => `${countText(problems, 'problem was', 'problems were')} left. Repair mends what can be mended.`,
    failed: (time: number) => `The check of ${dateText(time)} could not be finished.`,
    read: (bytes: number, fragments: number, seconds: number) =>
      `${bytesText(bytes)} and ${countText(fragments, 'fragment', 'fragments')} read, in ${durationText(seconds)}`,
    mended: (count: number) => `${countText(count, 'fragment was', 'fragments were')} made anew`,
    old: 'That was long ago. Once a month is a good habit.',
  },
  health: {
    good: 'says it is well',
    worn: 'is wearing out',
    failing: 'says it is failing',
    unknown: 'tells nothing about itself',
    title: 'What the drive says of itself (S.M.A.R.T.)',
    degrees: (value: number) => `${numberText(value)} °C`,
    hours: (count: number) => `${durationText(3600 * count)} of running`,
  },
  classes: {
    title: 'How safe each folder is',
    text: 'The more drives may be lost, the more space it takes.',
    everything: 'Everything else',
    change: 'Change',
    changeFor: (name: string) => `Change how safe ${name} is kept`,
    choose: 'Choose for a folder …',
    names: { light: 'Light', standard: 'Standard', precious: 'Precious' },
    survives: (losses: number) => (losses <= 0 ? 'would not survive a lost drive' : `survives the loss of ${drives(losses)}`),
    missing: (missing: number, all: number) =>
      missing === 1
        ? `One of your ${all} drives takes nothing now. That is counted in what is said here.`
        : `${missing} of your ${all} drives take nothing now. That is counted in what is said here.`,
    fewDrives: 'With so few drives they are alike. With four or more, they differ.',
    cost: (factor: string) => `1 GB takes ${factor} GB`,
    costTerm: (k: number, n: number) => `${n} fragments, any ${k} of which bring everything back`,
    dialogTitle: 'How safe should it be?',
    pickTitle: 'Which folder?',
    pickThis: 'This folder',
    noFolders: 'There are no folders in here.',
    inherit: 'As the folder around it',
    holds: (bytes: number, files: number, complete: boolean) =>
      `${complete ? '' : 'More than '}${bytesText(bytes)} in ${countText(files, 'file', 'files')}`,
    would: (before: number, after: number) =>
      `Were all of it kept so, it would take ${bytesText(after)} on the drives; as it is set now, ${bytesText(before)}.`,
    same: (bytes: number) => `It takes ${bytesText(bytes)} on the drives.`,
    fromNowOn: 'It holds for what is put in from now on. What is there already follows by itself, most of it within hours.',
    keep: 'Keep it so',
    kept: (name: string) => `“${name}” is kept so from now on`,
    more: 'There may be more: the whole tree is large, and not all of it was looked at.',
  },
  retention: {
    title: 'Older versions',
    text: 'Whatever you change or delete can be brought back:',
    all: (time: string) => `every single version for ${time}`,
    hourly: (time: string) => `one version an hour for ${time}`,
    daily: (time: string) => `one version a day for ${time}`,
    trash: (time: string) => `What you delete waits in the trash for ${time}.`,
    picture: 'Dense at first, then one an hour, then one a day',
    today: 'now',
    change: 'Change …',
    dialogTitle: 'How long are older versions kept?',
    fields: { all: 'Every version', hourly: 'One an hour', daily: 'One a day', trash: 'In the trash' },
    days: (count: number) =>
      count === 0
        ? 'not at all'
        : count % 365 === 0
          ? countText(count / 365, 'year', 'years')
          : count % 30 === 0
            ? countText(count / 30, 'month', 'months')
            : countText(count, 'day', 'days'),
    preview: (versions: number, dropped: number) =>
      dropped === 0
        ? `All ${countText(versions, 'version', 'versions')} that are kept now would stay.`
        : `Of ${countText(versions, 'version', 'versions')} that are kept now, ${numberText(dropped)} would go for good.`,
    oldest: (time: number) => `The oldest one left would be of ${dateText(time)}.`,
    trashDropped: (count: number) => `${countText(count, 'thing', 'things')} in the trash would go for good.`,
    keep: 'Keep them so',
    dropAndKeep: 'Let them go and keep it so',
    kept: 'So it is kept from now on',
  },
  thumbnails: {
    title: 'Small pictures',
    text: 'Of photos and films small pictures are kept, encrypted like the rest, so that folders show quickly. Whoever looks at a folder makes those that are missing.',
    clear: 'Remove all small pictures',
    cleared: 'The small pictures are removed',
  },
}

/** 'about 4 months'. */
function longText(seconds: number): string {
  const days = Math.max(1, Math.round(seconds / 86_400))
  if (days < 14) return `about ${countText(days, 'day', 'days')}`
  if (days < 60) return `about ${countText(Math.round(days / 7), 'week', 'weeks')}`
  if (days < 700) return `about ${countText(Math.round(days / 30.4), 'month', 'months')}`
  return `about ${countText(Math.round(days / 365), 'year', 'years')}`
}
