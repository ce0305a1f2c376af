import type { Terminal } from './terminal.ts'

const codes = { bold: '1', faint: '2', red: '31', green: '32', yellow: '33', blue: '34', cyan: '36' } as const

/** Marks up text for a terminal, or leaves it alone. */
export type TextStyle = Readonly<Record<keyof typeof codes, (text: string) => string>>

/** Colours only where a person reads them and has not said no: https://no-color.org. */
export function textStyle({ isInteractive, environment }: Pick<Terminal, 'isInteractive' | 'environment'>): TextStyle {
  const colours = isInteractive.output && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'
  const marker = (code: string) => (text: string) => (colours && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    bold: marker(codes.bold),
    faint: marker(codes.faint),
    red: marker(codes.red),
    green: marker(codes.green),
    yellow: marker(codes.yellow),
    blue: marker(codes.blue),
    cyan: marker(codes.cyan),
  }
}
