/** What a benchmark has to show: absolute figures and, beside them, ratios to something else in the same run. */
export interface BenchTable {
  title: string
  columns: readonly string[]
  rows: string[][]
}

/** Numbers to the right, names to the left, one blank line after. */
export function printTable({ title, columns, rows }: BenchTable): void {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  console.log(`\n${title}\n`)
  console.log(line(columns))
  console.log(widths.map((width) => '-'.repeat(width)).join('  '))
  for (const row of rows) console.log(line(row))
  console.log()
}
