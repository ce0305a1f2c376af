import { join } from 'node:path'
import { acceleratorArguments } from './accelerator.ts'
import { SHELL_PORT } from './guest-shell.ts'
import type { MachineOptions } from './machine.ts'

export const CONSOLE_LOG = 'console.log'
const UEFI_CODE = '/usr/share/OVMF/OVMF_CODE_4M.fd'
export const EMPTY_UEFI_VARIABLES = '/usr/share/OVMF/OVMF_VARS_4M.fd'

/** The board without drives, cards and TPM. QEMU begins with its processors halted, so that nothing said is missed. */
export function boardArguments(options: MachineOptions, { folder, variables }: { folder: string; variables: string }): string[] {
  const { name, accelerator, memoryMiB = 1024, processors = 2, watchdog = false } = options
  const board = ['-name', name, '-nodefaults', '-no-user-config', '-display', 'none', '-vga', 'std', '-machine', 'q35', '-S']
  const size = ['-m', String(memoryMiB), '-smp', String(processors), '-rtc', 'base=utc', '-device', 'virtio-rng-pci']
  const dog = watchdog ? ['-device', 'i6300esb', '-action', 'watchdog=reset'] : []
  const firmware = firmwareArguments(options.firmware, variables)
  return [...board, ...acceleratorArguments(accelerator), ...size, ...firmware, ...portArguments(folder), ...dog]
}

function firmwareArguments(firmware: MachineOptions['firmware'], variables: string): string[] {
  if (firmware !== 'uefi') return ['-kernel', firmware.kernel, '-initrd', firmware.initrd, '-append', firmware.commandLine]
  return ['-drive', `if=pflash,format=raw,readonly=on,file=${UEFI_CODE}`, '-drive', `if=pflash,format=raw,file=${variables}`]
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
