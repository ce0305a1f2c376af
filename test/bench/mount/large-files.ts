import { join } from 'node:path'
import { makeFile } from '../corpora.ts'
import { command } from '../measure.ts'
import type { Workload } from './workload.ts'

const GOAL_SEQUENTIAL = 1
const GOAL_RANDOM = 0.7

/** A file of a GiB from front to end, then 4 KiB at random places of it. */
export const largeFiles: Workload = {
  prepare: ({ sources, scale }) => makeFile(join(sources, 'large.bin'), sizeOf(scale)),
  run: async (disk, timings, { sources, scale }) => {
    const [source, copy] = [join(sources, 'large.bin'), join(disk.folder, 'large.bin')]
    const bytes = sizeOf(scale)
    const sequential = { goal: GOAL_SEQUENTIAL, bytes }
    await timings.time(disk, 'sequential write', sequential, () => dd(`if=${source}`, `of=${copy}`, 'conv=fsync'))
    await timings.time(disk, 'sequential read', sequential, () => dd(`if=${copy}`, 'of=/dev/null'))
    await command('cmp', [source, copy])
    const few = bytes >> 4
    const random = { goal: GOAL_RANDOM, bytes: few }
    await timings.time(disk, '4 KiB random read', random, () => fio(copy, few, ['--rw=randread']))
    await timings.time(disk, '4 KiB random write', random, () => fio(copy, few, ['--rw=randwrite', '--end_fsync=1']))
    await command('cp', [source, join(disk.folder, 'verified.bin')])
    const verified = ['--rw=randwrite', '--verify=crc32c', '--do_verify=1', '--verify_fatal=1', '--verify_state_save=0']
    await fio(join(disk.folder, 'verified.bin'), few >> 2, verified)
  },
}

function sizeOf(scale: number): number {
  return Math.max(1, Math.round(scale * 1024)) << 20
}

function dd(...words: string[]): Promise<void> {
  return command('dd', ['bs=1M', 'status=none', ...words])
}

function fio(path: string, bytes: number, options: readonly string[]): Promise<void> {
  const job = ['--name=bench', `--filename=${path}`, '--bs=4k', `--io_size=${bytes}`, '--ioengine=psync', '--randseed=1']
  return command('fio', ['--minimal', ...job, ...options])
}
