/** Names that every system can unpack: Windows takes fewer than a tree does, and sees no difference between a and A. */

const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u001f<>:"|?*\\]/g

/** As near to `name` as may be. */
export function portableName(name: string): string {
  const plain = name.replace(forbidden, '_').replace(/[. ]+$/, (ending) => '_'.repeat(ending.length))
  return reserved.test(plain) ? `_${plain}` : plain
}

/** Gives each name of one folder another, also for a system that does not see case. */
export class NamesOfFolder {
  readonly #taken = new Set<string>()

  add(name: string): string {
    const portable = portableName(name)
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? portable : numbered(portable, number)
      const key = candidate.toLowerCase().normalize('NFC')
      if (this.#taken.has(key)) continue
      this.#taken.add(key)
      return candidate
    }
  }
}

function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`
}
