/**
 * What a Node 18.20.4 without ICU has not, each as it is found in a bundle, and why. What `services/mobile/src/runtime/polyfills.ts` brings is
 * not among it.
 */
const lacking = [
  [/\\p\{/i, 'Unicode property classes are a syntax error without ICU'],
  [/(?<![\w$.])Intl\s*\./, 'there is no Intl without ICU'],
  [/new TextDecoder\(\s*["'`](?!utf-?8["'`])/i, 'without ICU only UTF-8 is decoded'],
  [/require\(["'](?:node:)?(?:sqlite|test|sea)["']\)/, 'Node 18 has no such module'],
  [/\.(?:toSpliced|findLastIndexOf|isWellFormed|toWellFormed)\(/, 'Node 18 lacks it'],
  [/\b(?:Object|Map)\.groupBy\(|\bArray\.fromAsync\(|\bPromise\.try\(|\bReadableStream\.from\(|\bError\.isError\(/, 'Node 18 lacks it'],
  [/\bimport\.meta\.(?:dirname|filename|resolve)\b/, 'Node 18 lacks it'],
  [/\.union\(new Set|\.isSubsetOf\(|\.symmetricDifference\(/, 'Node 18 lacks the methods of sets'],
  [/^(?!.*typeof navigator).*(?<![\w$.])navigator\./, 'Node 18 lacks it'],
  [/\/[^/\n]+\/[dgimsuy]*v[dgimsuy]*\.(?:test|exec)\(/, 'Node 18 lacks the v flag'],
  [/\.toLocale(?:DateString|TimeString)\(/, 'without ICU there is one locale, and it is not said which'],
]

/** Found, and harmless: the module, what is in it, and why it may stay. */
const allowed = [
  // made into an expression when a pattern has such a class; ours have no pattern at all
  { module: 'glob/dist/commonjs/index.min.js', text: '"[:alnum:]"' },
]

/**
 * @param text a bundle of esbuild, not minified, so that each module begins with its path in a comment.
 * @returns a line for each thing that is lacking, with its place.
 */
export function lackingIn(text) {
  const found = []
  let module = ''
  for (const [i, line] of text.split('\n').entries()) {
    const path = /^\s*\/\/ ((?:node_modules|services)\/\S+)$/.exec(line)?.[1]
    if (path !== undefined) module = path
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) continue
    for (const [pattern, why] of lacking) {
      const match = pattern.exec(line)
      if (match === null || allowed.some((one) => module.endsWith(one.module) && line.includes(one.text))) continue
      found.push(`${module} (line ${i + 1}) has ${line.slice(Math.max(0, match.index - 20), match.index + 60).trim()}: ${why}`)
    }
  }
  return found
}
