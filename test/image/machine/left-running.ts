// Starts a machine with a TPM in a lab, says which processes there are, and waits to be killed.
import { readdir, readFile } from 'node:fs/promises'
import { Lab } from './lab.ts'
import { Machine } from './machine.ts'
import { tinyGuest } from './tiny-guest.ts'

const lab = await Lab.create(['wan'])
const host = await lab.host('laptop', 'wan')
host.serve(['sleep', 'infinity'])
const options = { name: 'left', accelerator: 'tcg', firmware: await tinyGuest(), memoryMiB: 128, processors: 1, tpm: true } as const
const machine = await Machine.create({ ...options, prefix: lab.prefix })
await machine.powerOn()
const pids: number[] = []
for (const name of await readdir('/proc')) {
  const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
  const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  if (Number(parent) === process.pid) pids.push(Number(name))
}
console.log(JSON.stringify(pids))
setInterval(() => {}, 1000)
