import { readdirSync, readFileSync } from 'node:fs'
import { cpus, freemem, totalmem, uptime } from 'node:os'
import type { MachineCounters } from '@holt/core/machine.ts'

/** Cheap enough for every second: a few short files that the kernel makes up. Linux; elsewhere what cannot be known is 0 or null. */
export function readCounters(): MachineCounters {
  const { busySeconds, seconds } = processorTimes()
  const { receivedBytes, sentBytes } = networkBytes(readText('/proc/net/dev'))
  return {
    time: Date.now() / 1000,
    uptimeSeconds: uptime(),
    cpuBusySeconds: busySeconds,
    cpuSeconds: seconds,
    memoryBytes: totalmem(),
    memoryUsedBytes: Math.max(0, totalmem() - availableBytes(readText('/proc/meminfo'))),
    nodeBytes: process.memoryUsage.rss(),
    celsius: hottest(),
    receivedBytes,
    sentBytes,
  }
}

function processorTimes(): { busySeconds: number; seconds: number } {
  let idle = 0
  let all = 0
  for (const { times } of cpus()) {
    idle += times.idle
    all += times.user + times.nice + times.sys + times.irq + times.idle
  }
  return { busySeconds: (all - idle) / 1000, seconds: all / 1000 }
}

function availableBytes(meminfo: string): number {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1]
  return kib === undefined ? freemem() : 1024 * Number(kib)
}

/** Cards only: what goes through a bridge, a bridge's port and a tunnel would count more than once. */
export function networkBytes(
  netDev: string,
  isCard: (name: string) => boolean = isNetworkCard,
): { receivedBytes: number; sentBytes: number } {
  let receivedBytes = 0
  let sentBytes = 0
  for (const [, name, numbers] of netDev.matchAll(/^\s*([^\s:]+):\s*(.*)$/gm)) {
    if (!isCard(name as string)) continue
    const counts = (numbers as string).trim().split(/\s+/).map(Number)
    receivedBytes += counts[0] ?? 0
    sentBytes += counts[8] ?? 0
  }
  return { receivedBytes, sentBytes }
}

function isNetworkCard(name: string): boolean {
  return readNames(`/sys/class/net/${name}`).includes('device')
}

/** The processor's own sensor where there is one, else the hottest. */
function hottest(): number | null {
  const zones = readNames('/sys/class/thermal').filter((name) => name.startsWith('thermal_zone'))
  const found = zones.map((zone) => ({
    type: readText(`/sys/class/thermal/${zone}/type`).trim(),
    celsius: Number(readText(`/sys/class/thermal/${zone}/temp`)) / 1000,
  }))
  const real = found.filter(({ celsius }) => celsius > 0 && celsius < 150)
  const ofProcessor = real.filter(({ type }) => /cpu|pkg|soc|core/i.test(type))
  const which = ofProcessor.length > 0 ? ofProcessor : real
  return which.length === 0 ? null : Math.max(...which.map(({ celsius }) => celsius))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
