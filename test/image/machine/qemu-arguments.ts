import { join } from 'node:path'
import { acceleratorArguments, type Architecture } from './accelerator.ts'
import { SHELL_PORT } from './guest-shell.ts'
import type { MachineOptions } from './machine.ts'

export const CONSOLE_LOG = 'console.log'

interface Board {
  program: string
  machine: readonly string[]
  /** UEFI, and what it remembers on a new board; Debian's packages ovmf and qemu-efi-aarch64. */
  firmware: { code: string; emptyVariables: string }
  tpm: string
}

export const boards: Record<Architecture, Board> = {
  amd64: {
    program: 'qemu-system-x86_64',
    machine: ['-machine', 'q35', '-vga', 'std'],
    firmware: { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', emptyVariables: '/usr/share/OVMF/OVMF_VARS_4M.fd' },
    tpm: 'tpm-tis',
  },
  arm64: {
    program: 'qemu-system-aarch64',
    machine: ['-machine', 'virt', '-device', 'virtio-gpu-pci'],
    firmware: { code: '/usr/share/AAVMF/AAVMF_CODE.fd', emptyVariables: '/usr/share/AAVMF/AAVMF_VARS.fd' },
    tpm: 'tpm-tis-device',
  },
}

/** The board without drives, cards and TPM. QEMU begins with its processors halted, so that nothing said is missed. */
export function boardArguments(options: MachineOptions, { folder, variables }: { folder: string; variables: string }): string[] {
  const { name, accelerator, architecture = 'amd64', memoryMiB = 1024, processors = 2, watchdog = false } = options
  const { machine, firmware } = boards[architecture]
  const board = ['-name', name, '-nodefaults', '-no-user-config', '-display', 'none', ...machine, '-S']
  const size = [
    '-m',
    String(memoryMiB),
    '-smp',
    String(processors),
    '-rtc',
    'base=utc',
    '-device',
    'virtio-rng-pci',
    '-device',
    'qemu-xhci',
  ]
  const dog = watchdog ? ['-device', 'i6300esb', '-action', 'watchdog=reset'] : []
  const start = firmwareArguments(options.firmware, firmware.code, variables)
  return [...board, ...acceleratorArguments(accelerator, architecture), ...size, ...start, ...portArguments(folder), ...dog]
}

function firmwareArguments(firmware: MachineOptions['firmware'], code: string, variables: string): string[] {
  if (firmware !== 'uefi') return ['-kernel', firmware.kernel, '-initrd', firmware.initrd, '-append', firmware.commandLine]
  return ['-drive', `if=pflash,format=raw,readonly=on,file=${code}`, '-drive', `if=pflash,format=raw,file=${variables}`]
}

/** Unix sockets in the machine's folder: `qmp`, `console` and `shell`. */
function portArguments(folder: string): string[] {
  const socket = (name: string): string => `socket,id=${name},path=${join(folder, name)},server=on,wait=off`
  const log = `logfile=${join(folder, CONSOLE_LOG)},logappend=on`
  const qmp = ['-chardev', socket('qmp'), '-mon', 'chardev=qmp,mode=control']
  const serial = ['-chardev', `${socket('console')},${log}`, '-serial', 'chardev:console']
  const port = ['-device', `virtserialport,chardev=shell,name=${SHELL_PORT}`]
  return [...qmp, ...serial, '-chardev', socket('shell'), '-device', 'virtio-serial-pci', ...port]
}
