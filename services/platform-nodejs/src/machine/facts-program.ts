// A program of its own: prints as JSON what the machine is made of, and ends. systeminformation takes 12 MB of memory, which a
// node that rests should not hold for a page that is seldom looked at.
import { arch, hostname, networkInterfaces } from 'node:os'
import type { MachineFacts } from '@holt/core/machine.ts'
import si from 'systeminformation'

async function machineFacts(): Promise<MachineFacts> {
  const [system, board, processor, disks, volumes, interfaces] = await Promise.all([
    si.osInfo(),
    si.system(),
    si.cpu(),
    si.diskLayout(),
    si.fsSize(),
    si.networkInterfaces(),
  ])
  return {
    hostName: hostname(),
    system: `${system.distro} ${system.release}`.trim(),
    kernel: system.kernel,
    model: [board.manufacturer, board.model].filter((part) => part !== '' && part !== '-').join(' '),
    processor: { name: `${processor.manufacturer} ${processor.brand}`.trim(), cores: processor.cores, architecture: arch() },
    runtime: process.versions.node,
    disks: disks.map(({ device, name, vendor, type, size, temperature, smartStatus }) => ({
      device,
      name: `${vendor} ${name}`.trim(),
      kind: type,
      sizeBytes: whole(size),
      celsius: typeof temperature === 'number' && temperature > 0 ? temperature : null,
      smart: /unknown/i.test(smartStatus) ? '' : smartStatus,
    })),
    volumes: volumes
      .filter(({ size }) => size > 0)
      .map(({ mount, fs, type, size, available }) => ({
        mount,
        device: fs,
        fileSystem: type,
        totalBytes: whole(size),
        freeBytes: whole(available),
      })),
    networks: [interfaces]
      .flat()
      .filter(({ internal }) => !internal)
      .map(({ iface, type, operstate, speed }) => ({
        name: iface,
        kind: type,
        up: operstate === 'up',
        megabits: typeof speed === 'number' && speed > 0 ? speed : null,
        addresses: (networkInterfaces()[iface] ?? []).map(({ address }) => address),
      })),
  }
}

function whole(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0
}

process.stdout.write(JSON.stringify(await machineFacts()))
