import { type Static, Type } from 'typebox'
import type { MethodSchemas } from './method-schema.ts'

/** What the node tells about the machine it runs on. */

const Empty = Type.Object({}, { additionalProperties: false })
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])
const Bytes = Type.Integer({ minimum: 0 })

/** Counters only grow, from the machine's start; who wants a rate takes the difference of two. */
export const MachineCounters = Type.Object({
  time: Type.Number({ description: 'seconds since 1970, with a fraction' }),
  uptimeSeconds: Type.Number(),
  cpuBusySeconds: Type.Number({ description: 'of all processors together' }),
  cpuSeconds: Type.Number({ description: 'busy or not, of all processors together' }),
  memoryBytes: Bytes,
  memoryUsedBytes: Type.Integer({ minimum: 0, description: 'without what the system gives up when it is needed' }),
  nodeBytes: Type.Integer({ minimum: 0, description: 'of the memory, what the node uses' }),
  celsius: Nullable(Type.Number({ description: 'of the processor, or the hottest sensor' })),
  receivedBytes: Type.Integer({ minimum: 0, description: 'by all network cards' }),
  sentBytes: Bytes,
})
export type MachineCounters = Static<typeof MachineCounters>

const Series = Type.Array(Nullable(Type.Number()))

/** One value a step; null where the machine or the node did not run. */
export const MachineHistory = Type.Object({
  startTime: Type.Number({ description: 'when the first step began, in seconds since 1970' }),
  stepSeconds: Type.Integer(),
  cpu: Type.Array(Nullable(Type.Number()), { description: 'share from 0 to 1' }),
  memory: Type.Array(Nullable(Type.Number()), { description: 'share from 0 to 1' }),
  celsius: Series,
  received: Type.Array(Nullable(Type.Number()), { description: 'bytes a second' }),
  sent: Type.Array(Nullable(Type.Number()), { description: 'bytes a second' }),
})
export type MachineHistory = Static<typeof MachineHistory>

export const MachineFacts = Type.Object({
  hostName: Type.String(),
  system: Type.String({ description: 'name and release of the operating system' }),
  kernel: Type.String(),
  model: Type.String({ description: 'of the computer; empty when it has no name' }),
  processor: Type.Object({ name: Type.String(), cores: Type.Integer(), architecture: Type.String() }),
  runtime: Type.String({ description: 'of Node.js' }),
  disks: Type.Array(
    Type.Object({
      device: Type.String(),
      name: Type.String(),
      kind: Type.String({ description: 'HD, SSD, NVMe …' }),
      sizeBytes: Bytes,
      celsius: Nullable(Type.Number()),
      smart: Type.String({ description: 'what it says of itself; empty when it says nothing' }),
    }),
  ),
  volumes: Type.Array(
    Type.Object({ mount: Type.String(), device: Type.String(), fileSystem: Type.String(), totalBytes: Bytes, freeBytes: Bytes }),
  ),
  networks: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.String(),
      up: Type.Boolean(),
      megabits: Nullable(Type.Number()),
      addresses: Type.Array(Type.String()),
    }),
  ),
})
export type MachineFacts = Static<typeof MachineFacts>

export const LogLine = Type.Object({ time: Type.Number(), level: Type.String(), text: Type.String() })
export type LogLine = Static<typeof LogLine>

export const machineMethods = {
  'machine.counters': { params: Empty, result: MachineCounters, summary: 'How busy the machine is' },
  'machine.history': {
    params: Type.Object(
      { span: Type.Union([Type.Literal('day'), Type.Literal('month')], { description: 'a day by the minute, a month by the hour' }) },
      { additionalProperties: false },
    ),
    result: MachineHistory,
    summary: 'How busy the machine was',
  },
  'machine.facts': { params: Empty, result: MachineFacts, summary: 'What the machine is made of' },
  'node.log': { params: Empty, result: Type.Object({ lines: Type.Array(LogLine) }), summary: 'What the node said last' },
} as const satisfies MethodSchemas
