import type { MachineFacts, MachineHistory } from '@holt/control/machine.ts'
import type { MethodName, Params, Result } from '@holt/control/schema.ts'

type Handler<Name extends MethodName> = (params: Params<Name>) => Result<Name>

const GIB = 2 ** 30
const startedMs = Date.now()

/** A small box as it might be, for tests of the page and for looking at it: busy in the evening, quiet at night. */
export const machineHandlers = {
  'machine.counters': () => {
    const seconds = (Date.now() - startedMs) / 1000
    const wave = 0.5 + 0.5 * Math.sin(seconds / 3)
    return {
      time: Date.now() / 1000,
      uptimeSeconds: 400_000 + seconds,
      cpuBusySeconds: 40_000 + 1.1 * seconds - 2.2 * Math.cos(seconds / 3),
      cpuSeconds: 1_600_000 + 4 * seconds,
      memoryBytes: 4 * GIB,
      memoryUsedBytes: Math.round((1.1 + 0.1 * wave) * GIB),
      nodeBytes: 118 * 2 ** 20,
      celsius: 46 + Math.round(4 * wave),
      receivedBytes: Math.round(9e11 + 3e6 * seconds - 6e6 * Math.cos(seconds / 3)),
      sentBytes: Math.round(2e11 + 4e5 * seconds),
    }
  },
  'machine.history': ({ span }: { span: 'day' | 'month' }) => historyOf(span),
  'machine.facts': () => facts,
  'node.log': () => ({
    lines: [
      { time: startedMs / 1000 - 7200, level: 'info', text: 'The page is at http://192.168.77.1/' },
      { time: startedMs / 1000 - 3600, level: 'warn', text: 'the drive /mnt/ash is missing: the folder is not there, or is not the drive' },
      { time: startedMs / 1000 - 60, level: 'error', text: 'files.importLocal: a fault that was made up' },
    ],
  }),
} satisfies { [Name in MethodName]?: Handler<Name> }

function historyOf(span: 'day' | 'month'): MachineHistory {
  const stepSeconds = span === 'day' ? 60 : 3600
  const steps = span === 'day' ? 1440 : 744
  const now = Math.floor(Date.now() / 1000 / stepSeconds)
  const at = Array.from({ length: steps }, (_, i) => (now - steps + 1 + i) * stepSeconds)
  const known = (time: number, i: number, value: number): number | null => (i < steps / 6 || time > now * stepSeconds - 1 ? null : value)
  const evening = (time: number): number => Math.max(0.03, 0.5 * Math.sin(((time % 86_400) / 86_400 - 0.4) * 2 * Math.PI))
  const ripple = (time: number): number => 0.04 * Math.sin(time / 977) + 0.03 * Math.sin(time / 311)
  return {
    startTime: at[0] as number,
    stepSeconds,
    cpu: at.map((time, i) => known(time, i, Math.max(0, 0.06 + evening(time) + ripple(time)))),
    memory: at.map((time, i) => known(time, i, 0.27 + 0.06 * evening(time))),
    celsius: at.map((time, i) => known(time, i, Math.round(10 * (41 + 14 * evening(time) + 8 * ripple(time))) / 10)),
    received: at.map((time, i) => known(time, i, Math.max(0, 8e6 * evening(time) + 4e6 * ripple(time)))),
    sent: at.map((time, i) => known(time, i, Math.max(0, 9e5 * evening(time) + 3e5 * ripple(time)))),
  }
}

const facts: MachineFacts = {
  hostName: 'holt',
  system: 'Holt 0.1.0',
  kernel: '6.1.0',
  model: 'A small box',
  processor: { name: 'Intel N100', cores: 4, architecture: 'x64' },
  runtime: '24.21.0',
  disks: [
    { device: '/dev/nvme0n1', name: 'Northwind 256', kind: 'NVMe', sizeBytes: 256e9, celsius: 39, smart: 'Ok' },
    { device: '/dev/sda', name: 'Alder 4 TB', kind: 'HD', sizeBytes: 4e12, celsius: 34, smart: 'Ok' },
  ],
  volumes: [
    { mount: '/data', device: '/dev/mapper/holt-data', fileSystem: 'ext4', totalBytes: 230e9, freeBytes: 181e9 },
    { mount: '/mnt/oak', device: '/dev/sda1', fileSystem: 'ext4', totalBytes: 4e12, freeBytes: 3.1e11 },
  ],
  networks: [
    { name: 'wan0', kind: 'wired', up: true, megabits: 1000, addresses: ['203.0.113.7'] },
    { name: 'port1', kind: 'wired', up: true, megabits: 2500, addresses: ['192.168.77.1'] },
    { name: 'port2', kind: 'wired', up: false, megabits: null, addresses: [] },
  ],
}
