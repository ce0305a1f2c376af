import { HoltError } from '@holt/core/errors.ts'
import type { Command } from '../command.ts'
import { counted, humanBytes, localTime } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath, versionOf } from '../tree-path.ts'
import { atOption } from './files.ts'

const versions: Command = {
  name: 'versions',
  summary: 'Lists the kept versions in which a path changed',
  arguments: [{ name: 'PATH', complete: 'tree' }],
  options: { limit: { type: 'text', value: 'N', help: 'at most so many, newest first (default 100)' } },
  examples: [{ line: 'holt versions notes.txt', does: 'shows numbers for --at, newest first' }],
  run: async (call) => {
    const path = treePath(call.arguments[0] as string)
    const { versions: found } = await call.ask('files.versions', { path, limit: wholeNumber(call.text('limit'), 'limit') ?? 100 })
    const rows = found.map(({ sequence, time, entry }) => {
      const what = entry === null ? 'was not there' : entry.type === 'file' ? humanBytes(entry.sizeBytes) : entry.type
      return [String(sequence), localTime(time), entry === null ? call.style.faint(what) : what]
    })
    return { json: { path, versions: found }, lines: table([['VERSION', 'TIME', 'WHAT'].map(call.style.faint), ...rows], { right: [0] }) }
  },
}

const restore: Command = {
  name: 'restore',
  summary: 'Makes an older version the newest',
  arguments: [{ name: 'PATH', complete: 'tree' }],
  options: { ...atOption, to: { type: 'text', value: 'PATH', help: 'under another name, beside what is there now', complete: 'tree' } },
  details: ['Nothing is copied and nothing is lost: what is there now becomes an older version itself.'],
  examples: [
    { line: 'holt restore notes.txt --at 17', does: 'brings back the content of version 17' },
    { line: 'holt restore photos --at 2026-11-01 --to photos-of-november', does: 'beside the present ones' },
  ],
  run: async (call) => {
    const typed = call.text('at')
    if (typed === undefined)
      throw new HoltError('INPUT_INVALID', "say which version with --at; 'holt versions PATH' lists them", { field: 'at' })
    const path = treePath(call.arguments[0] as string)
    const to = call.text('to')
    await call.ask('files.restore', { path, ...versionOf(typed), ...(to === undefined ? {} : { to: treePath(to) }) })
    const target = to === undefined ? path : treePath(to)
    return { json: { path: target, from: path, ...versionOf(typed) }, report: [`Restored ${printable(target)}.`] }
  },
}

const retention: Command = {
  name: 'retention',
  summary: 'Shows or sets which versions are kept, and for how long the trash',
  arguments: [],
  options: {
    'keep-all': { type: 'text', value: 'HOURS', help: 'every version for so many hours' },
    hourly: { type: 'text', value: 'DAYS', help: 'then the last of each hour, for so many days' },
    daily: { type: 'text', value: 'DAYS', help: 'then the last of each day, for so many days' },
    trash: { type: 'text', value: 'DAYS', help: 'what is in the trash for longer is removed from it' },
  },
  details: ['What the rules drop is freed by `holt gc`, which the node also runs by itself.'],
  examples: [
    { line: 'holt retention', does: 'shows the rules' },
    { line: 'holt retention --daily 3650', does: 'keeps one version a day for ten years' },
  ],
  run: async (call) => {
    const now = await call.ask('retention.get', {})
    const rules = {
      keepAllHours: wholeNumber(call.text('keep-all'), 'keep-all') ?? now.keepAllHours,
      hourlyDays: wholeNumber(call.text('hourly'), 'hourly') ?? now.hourlyDays,
      dailyDays: wholeNumber(call.text('daily'), 'daily') ?? now.dailyDays,
      trashDays: wholeNumber(call.text('trash'), 'trash') ?? now.trashDays,
    }
    if (Object.keys(rules).some((rule) => rules[rule as keyof typeof rules] !== now[rule as keyof typeof now]))
      await call.ask('retention.set', rules)
    const { keepAllHours, hourlyDays, dailyDays, trashDays } = rules
    const lines = [
      `All versions for ${counted(keepAllHours, 'hour')},`,
      `then the last of each hour for ${counted(hourlyDays, 'day')},`,
      `then the last of each day for ${counted(dailyDays, 'day')}.`,
      `The trash for ${counted(trashDays, 'day')}.`,
    ]
    return { json: rules, lines }
  },
}

/** @throws HoltError INPUT_INVALID unless it is a whole number, or absent. */
export function wholeNumber(typed: string | undefined, option: string): number | undefined {
  if (typed === undefined) return undefined
  if (!/^\d{1,9}$/.test(typed)) throw new HoltError('INPUT_INVALID', `--${option} takes a whole number, not '${typed}'`, { field: option })
  return Number(typed)
}

export const versionCommands: readonly Command[] = [versions, restore, retention]
