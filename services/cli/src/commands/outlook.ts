import { HoltError } from '@holt/core/errors.ts'
import type { Command } from '../command.ts'
import { humanBytes } from '../format.ts'
import { outlookLines } from '../outlook-text.ts'
import { printable } from '../printable.ts'
import { pairedNode, sizeOf } from './peers.ts'

const DAY = 24 * 3600

const outlook: Command = {
  name: 'peers outlook',
  summary: 'Says how safe everything is with your friends, and what is missing for what you wish',
  arguments: [],
  options: {},
  details: [
    'A file is lost when everything here is lost at once and too few friends have their part of it, or are there. How often they are there, and have what they should, was measured; what cannot be measured is assumed, and said.',
    'Friends who share an owner, a declared place or a network count as one.',
  ],
  examples: [{ line: 'holt peers outlook', does: 'shows it, class by class' }],
  run: async (call) => {
    const found = await call.ask('peers.outlook', {})
    const { goneAfterSeconds, repairBytesPerSecond, here } = found
    const rules = `Who is silent for ${Math.round(goneAfterSeconds / DAY)} days is gone; what was lost is given to others at ${humanBytes(repairBytesPerSecond)} a second.`
    return { json: found, lines: [...outlookLines(found), rules, ...(here === null ? [] : [`This node is at ${printable(here)}.`])] }
  },
}

const place: Command = {
  name: 'peers place',
  summary: 'Declares where a friend’s nodes are: what is in one place is lost together',
  arguments: [{ name: 'NODE' }, { name: 'PLACE' }],
  options: { only: { type: 'flag', help: 'this one node, and not all nodes of the friend' } },
  details: [
    'NODE is its name or its key in `holt peers`, or as much of the beginning as no other has; here is this node. PLACE is what you call it; - takes it away.',
    'Fragments of a pack go to as many places as there are. Friends in the place of this node count for nothing when it burns.',
  ],
  examples: [
    { line: 'holt peers place Anna "Grandma\'s house"', does: 'all nodes of Anna are there' },
    { line: 'holt peers place here Home', does: 'where this node is' },
    { line: 'holt peers place Anna -', does: 'says nothing of it any more' },
  ],
  run: async (call) => {
    const [node, typed] = call.arguments as [string, string]
    const wanted = typed === '-' ? null : typed
    const said = wanted === null ? 'nowhere that was declared' : `at ${printable(wanted)}`
    if (node === 'here') {
      await call.ask('peers.place', { of: null, place: wanted })
      return { json: { of: null, place: wanted }, report: [`This node is ${said}.`] }
    }
    const { peer, name, relation } = await pairedNode(call)
    const of = call.flag('only') ? peer : relation.owner
    await call.ask('peers.place', { of, place: wanted })
    return { json: { of, place: wanted }, report: [`${printable(name ?? peer)} is ${said}.`] }
  },
}

const repair: Command = {
  name: 'peers repair',
  summary: 'Says when a friend counts as gone, and how fast what it had is given to others',
  arguments: [],
  options: {
    after: { type: 'text', value: 'DAYS', help: 'who was not reached for so long, while others were, is gone (default: 14)' },
    rate: { type: 'text', value: 'SIZE', help: 'so much a second at most: 4M' },
  },
  examples: [{ line: 'holt peers repair --after 7 --rate 1M', does: 'a week of silence, and a mebibyte a second' }],
  run: async (call) => {
    const [after, rate] = [call.text('after'), call.text('rate')]
    const days = after === undefined ? undefined : Number(after)
    if (days !== undefined && !(days >= 0.25 && days <= 365))
      throw new HoltError('INPUT_INVALID', 'it is 0.25 to 365 days', { field: 'after' })
    const bytesPerSecond = rate === undefined ? undefined : sizeOf(rate)
    if (bytesPerSecond === null) throw new HoltError('INPUT_INVALID', 'a rate is like 4M', { field: 'rate' })
    const found = await call.ask('peers.repair', {
      ...(days === undefined ? {} : { goneAfterSeconds: Math.round(days * DAY) }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    })
    const gone = `Who is silent for ${found.goneAfterSeconds / DAY} days is gone.`
    return { json: found, report: [gone, `What was lost is given to others at ${humanBytes(found.repairBytesPerSecond)} a second.`] }
  },
}

const wish: Command = {
  name: 'class wish',
  summary: 'Says how safe a class is to be with friends',
  arguments: [{ name: 'NAME', complete: 'class' }, { name: 'NINES' }],
  options: {},
  details: [
    'NINES is 1 to 15: 11, the usual, is one file in 100,000,000,000 lost a year; - is the usual again. It sets how many fragments of each pack friends are given, also of packs that are there already. How packs are cut stays what `holt class set` says.',
  ],
  examples: [
    { line: 'holt class wish photos 12', does: 'friends get more of it' },
    { line: 'holt class wish light 6', does: 'one file in a million a year is enough' },
  ],
  run: async (call) => {
    const [redundancyClass, typed] = call.arguments as [string, string]
    const nines = typed === '-' ? null : Number(typed)
    if (nines !== null && !(Number.isInteger(nines) && nines >= 1 && nines <= 15))
      throw new HoltError('INPUT_INVALID', 'it is 1 to 15, or -', { field: 'NINES' })
    const found = await call.ask('peers.wish', { redundancyClass, nines })
    return {
      json: found,
      lines: outlookLines({ ...found, classes: found.classes.filter((one) => one.redundancyClass === redundancyClass) }),
    }
  },
}

export const outlookCommands: readonly Command[] = [outlook, place, repair]
export const wishCommands: readonly Command[] = [wish]
