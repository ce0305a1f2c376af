import { readIfThere } from './durable-file.ts'

/** The number of a group of this machine, or null when it has none of that name. */
export async function groupNumber(name: string, file = '/etc/group'): Promise<number | null> {
  const lines = ((await readIfThere(file)) ?? '').split('\n')
  const number = lines.map((line) => line.split(':')).find(([first]) => first === name)?.[2]
  return number !== undefined && /^\d{1,10}$/.test(number) ? Number(number) : null
}
