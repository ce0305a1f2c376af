import type { DoctorReport } from '@holt/control/schema.ts'
import type { Command, Outcome } from '../command.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { counted, humanBytes } from '../format.ts'
import { printable } from '../printable.ts'
import { table } from '../table.ts'
import type { TextStyle } from '../text-style.ts'

const doctor: Command = {
  name: 'doctor',
  summary: 'Reads and verifies everything',
  arguments: [],
  options: { repair: { type: 'flag', help: 'mend what can be mended' } },
  details: ['Ends with 0 when nothing is wrong (any more), with 9 when something is.'],
  examples: [
    { line: 'holt doctor', does: 'checks every block and fragment, names each file that is lost' },
    { line: 'holt doctor --repair', does: 'rebuilds missing and damaged fragments, on new drives too' },
  ],
  run: async (call) => {
    const report = await call.ask('doctor.run', call.flag('repair') ? { repair: true } : {})
    return doctorOutcome(report, call.style)
  },
}

function doctorOutcome(report: DoctorReport, style: TextStyle): Outcome {
  const { blocksChecked, fragmentsChecked, bytesChecked, problems, repairedFragments, healthy } = report
  const lines = [`Checked ${counted(blocksChecked, 'block')} and ${counted(fragmentsChecked, 'fragment')}, ${humanBytes(bytesChecked)}.`]
  lines.push(
    ...table(
      problems.map(({ what, where, repaired }) => [
        repaired ? style.green('repaired') : style.red(what),
        repaired ? `${what} ${printable(where)}` : printable(where),
      ]),
      { indent: '  ' },
    ),
  )
  if (repairedFragments > 0) lines.push(`Rebuilt ${counted(repairedFragments, 'fragment')}.`)
  const left = problems.filter(({ repaired }) => !repaired).length
  lines.push(healthy ? style.green('Everything is well.') : style.red(`${counted(left, 'problem')} left.`))
  return { json: report, lines, exitCode: healthy ? 0 : exitCodeOf.BLOCK_CORRUPT }
}

const gc: Command = {
  name: 'gc',
  summary: 'Drops versions by the retention rules and frees what nothing keeps',
  arguments: [],
  options: {},
  examples: [{ line: 'holt gc', does: 'frees space now instead of when the node finds time' }],
  run: async (call) => {
    const report = await call.ask('store.collect', {})
    const { freedBytes, movedBytes, packsRemoved } = report
    return {
      json: report,
      report: [`Freed ${humanBytes(freedBytes)} in ${counted(packsRemoved, 'pack')}; moved ${humanBytes(movedBytes)} together.`],
    }
  },
}

const wait: Command = {
  name: 'wait',
  summary: 'Waits until everything is on its drives',
  arguments: [],
  options: {},
  examples: [{ line: 'holt put ~/Pictures / && holt wait', does: 'comes back when drives may be lost without harm' }],
  run: async (call) => {
    await call.ask('store.settle', {})
    return { json: { settled: true }, report: ['Everything is on its drives.'] }
  },
}

export const upkeepCommands: readonly Command[] = [doctor, gc, wait]
