import type { BenchTable } from './report.ts'

/** One measured figure, or one ratio to something else in the same run. */
export interface BenchRow {
  name: string
  /** As measured, with its unit; empty for a mere ratio. */
  value: string
  ratio?: number
  /** The ratio that is promised. */
  target?: number
  met?: boolean
}

/** A ratio that has a target. */
export function targetRow(name: string, ratio: number, target: number): BenchRow {
  return { name, value: '', ratio, target, met: ratio >= target }
}

export function rowsTable(title: string, rows: readonly BenchRow[]): BenchTable {
  return { title, columns: ['', 'measured', 'ratio', 'target', ''], rows: rows.map(cells) }
}

function cells({ name, value, ratio, target, met }: BenchRow): string[] {
  const verdict = met === undefined ? '' : met ? 'met' : 'MISSED'
  return [name, value, ratio?.toFixed(2) ?? '', target?.toFixed(2) ?? '', verdict]
}
