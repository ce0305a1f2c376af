/** What the layer rules need to see of a source file. Reads text alone, so that a file that does not compile counts too. */

export interface SourceFile {
  /** Relative to the checkout, '/'-separated. */
  path: string
  text: string
}

/** A regular expression may follow one of these; anything else makes '/' a division. */
const beforeRegex = /(?:^|[=(,:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|await|yield|void))\s*$/

/** Matches the literal or comment that begins at its `lastIndex`. */
const pieces = {
  comment: /\/\/[^\n]*|\/\*[\s\S]*?\*\//y,
  text: /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`/y,
  regex: /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y,
}

/**
 * The text without comments; texts and regular expressions become empty ones unless `keepTexts`.
 * The expressions inside a template are lost with it.
 */
export function codeOf(text: string, { keepTexts }: { keepTexts: boolean }): string {
  let code = ''
  let at = 0
  while (at < text.length) {
    const comment = matchAt(pieces.comment, text, at)
    const literal = comment === null ? matchAt(pieces.text, text, at) : null
    const regex = comment === null && text[at] === '/' && beforeRegex.test(code.slice(-40)) ? matchAt(pieces.regex, text, at) : null
    const piece = comment ?? literal ?? regex
    if (comment !== null) code += ' '
    else if (piece !== null) code += keepTexts ? piece : "''"
    else code += text[at] as string
    at += piece?.length ?? 1
  }
  return code
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

const importForms = [
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*\(\s*(['"`])([^'"`\n]+)\1/g,
  /\brequire(?:\.resolve)?\s*\(\s*(['"`])([^'"`\n]+)\1/g,
  /\bnew URL\(\s*(['"`])(\.[^'"`\n]+)\1\s*,\s*import\.meta\.url/g,
]

/** Everything a file imports: types, side effects, dynamic imports and files named beside it. */
export function importsOf(text: string): string[] {
  const code = codeOf(text, { keepTexts: true })
  const found = new Set<string>()
  for (const form of importForms) for (const match of code.matchAll(form)) found.add(match[2] as string)
  return [...found]
}
