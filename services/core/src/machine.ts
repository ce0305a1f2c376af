/** What a platform that knows its machine can tell about it. */
export interface Machine {
  counters(): MachineCounters
  /** @throws HoltError SYSTEM_REFUSED */
  facts(): Promise<MachineFacts>
}

/** Counters only grow, from the machine's start; who wants a rate takes the difference of two. */
export interface MachineCounters {
  /** Seconds since 1970, with a fraction. */
  time: number
  uptimeSeconds: number
  /** Of all processors together, as is the next. */
  cpuBusySeconds: number
  cpuSeconds: number
  memoryBytes: number
  /** Without what the system gives up when it is needed. */
  memoryUsedBytes: number
  /** Of the memory, what the node uses. */
  nodeBytes: number
  /** Of the processor, or the hottest sensor. */
  celsius: number | null
  receivedBytes: number
  sentBytes: number
}

export interface MachineFacts {
  hostName: string
  system: string
  kernel: string
  /** Empty when it has no name. */
  model: string
  processor: { name: string; cores: number; architecture: string }
  runtime: string
  disks: { device: string; name: string; kind: string; sizeBytes: number; celsius: number | null; smart: string }[]
  volumes: { mount: string; device: string; fileSystem: string; totalBytes: number; freeBytes: number }[]
  networks: { name: string; kind: string; up: boolean; megabits: number | null; addresses: string[] }[]
}
