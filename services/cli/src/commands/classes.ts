import { HoltError } from '@holt/core/errors.ts'
import type { Command } from '../command.ts'
import { counted, humanBytes } from '../format.ts'
import { outlookLines } from '../outlook-text.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import { treePath } from '../tree-path.ts'

const examples = [
  { line: 'holt class list', does: 'shows the classes and how many drives each may still lose' },
  { line: 'holt class set precious 2-of-6', does: 'any 2 of 6 fragments rebuild: four drives may go' },
  { line: 'holt class photos precious', does: 'uses it for what is below /photos' },
  { line: 'holt class photos -', does: 'uses the class of the directory above again' },
]

const list: Command = {
  name: 'class list',
  summary: 'Lists redundancy classes and what they survive',
  arguments: [],
  options: {},
  details: [
    'standard is what has no other class. names is of the directories themselves: the node keeps it so that it survives more than the files, which so can be found, and lost ones be named.',
  ],
  examples,
  run: async (call) => {
    const { classes } = await call.ask('classes.list', {})
    const found = await call.ask('peers.outlook', {}).catch(() => null)
    const head = ['CLASS', 'FRAGMENTS', 'PACKS', 'BYTES', 'MAY STILL LOSE'].map(call.style.faint)
    const rows = classes.map(({ name, dataFragments, totalFragments, setByOwner, packs, packBytes, lossesSurvived }) => [
      printable(name),
      `${dataFragments}-of-${totalFragments}${setByOwner ? '' : ' (chosen by the node)'}`,
      String(packs),
      humanBytes(packBytes),
      lossesSurvived < 0
        ? call.style.red('some is lost already')
        : lossesSurvived === 0
          ? call.style.yellow('no drive')
          : counted(lossesSurvived, 'drive'),
    ])
    const safety = found === null || found.friends === 0 ? [] : ['', ...outlookLines(found)]
    return { json: { classes }, lines: [...table([head, ...rows], { right: [2, 3] }), ...safety] }
  },
}

const set: Command = {
  name: 'class set',
  summary: 'Fixes how many fragments a class has',
  arguments: [{ name: 'NAME', complete: 'class' }, { name: 'K-of-N' }],
  options: {},
  details: ['Any K of the N fragments rebuild a pack. It holds for packs written from now on.'],
  examples,
  run: async (call) => {
    const [name, shape] = call.arguments as [string, string]
    const match = /^(\d{1,3})-of-(\d{1,3})$/.exec(shape)
    if (match === null) throw new HoltError('INPUT_INVALID', `'${shape}' is not like 4-of-6`, { field: 'K-of-N' })
    const [dataFragments, totalFragments] = [Number(match[1]), Number(match[2])]
    await call.ask('classes.set', { name, dataFragments, totalFragments })
    return {
      json: { name, dataFragments, totalFragments },
      report: [`${printable(name)}: any ${dataFragments} of ${totalFragments} fragments rebuild a pack.`],
    }
  },
}

const assign: Command = {
  name: 'class',
  summary: 'Uses a redundancy class for a directory or file',
  arguments: [
    { name: 'PATH', complete: 'tree' },
    { name: 'NAME', complete: 'class' },
  ],
  options: {},
  details: [
    'It holds for what is written below PATH from now on; what is there already follows within hours, or by holt gc, the last of it when the pack that it lies in is full. NAME - takes the setting away.',
  ],
  examples,
  run: async (call) => {
    const path = treePath(call.arguments[0] as string)
    const name = call.arguments[1] === '-' ? null : (call.arguments[1] as string)
    await call.ask('files.setClass', { path, redundancyClass: name })
    return {
      json: { path, redundancyClass: name },
      report: [`${printable(path)}: ${name === null ? 'as the directory above' : `class ${printable(name)}`}.`],
    }
  },
}

export const classCommands: readonly Command[] = [list, set, assign]
