import { padEnd, padStart, textWidth } from './text-width.ts'

/** Columns two spaces apart, as wide as their widest cell; those named in `right` end where the others begin. */
export function table(rows: readonly (readonly string[])[], options: { right?: readonly number[]; indent?: string } = {}): string[] {
  const { right = [], indent = '' } = options
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, textWidth(cell))))
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] as number
      return right.includes(column) ? padStart(cell, width) : padEnd(cell, width)
    })
    return (indent + cells.join('  ')).trimEnd()
  })
}
