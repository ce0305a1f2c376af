import { readFileSync } from 'node:fs'

/** Formats of names in other scripts, which no schema of ours asks for: nothing fits them. */
const nothingFits = [[/^((?:export )?const \w+ = )\/.*\\p\{.*\/[iu]+;$/gm, '$1/(?!)/;']]

/**
 * What packages do that a Node without ICU cannot: in which file, the text, and what takes its place. A file in which it is not found any
 * more is an error: somebody has to look at it again.
 */
const replacements = [
  // to write `a.b` instead of `a["b"]` in the code of validators
  {
    file: /typebox\/build\/guard\/emit\.mjs$/,
    replace: [['/^[\\p{ID_Start}_$][\\p{ID_Continue}_$\\u200C\\u200D]*$/u', '/^[A-Za-z_$][\\w$]*$/']],
  },
  { file: /typebox\/build\/format\/idna\/pattern\/pattern\.mjs$/, replace: nothingFits },
  { file: /typebox\/build\/format\/idn_email\.mjs$/, replace: nothingFits },
  { file: /fast-uri\/index\.js$/, replace: [['/\\P{ASCII}/u', '/[^\\0-\\x7f]/']] },
]

export function phonePlugins() {
  return [
    {
      name: 'without ICU',
      setup({ onLoad }) {
        for (const { file, replace } of replacements)
          onLoad({ filter: file }, ({ path }) => {
            let contents = readFileSync(path, 'utf8')
            for (const [text, other] of replace) {
              const before = contents
              contents = contents.replaceAll(text, typeof text === 'string' ? () => other : other)
              if (contents === before) throw new Error(`${path} has no ${text} any more: see scripts/mobile/phone-plugins.mjs`)
            }
            return { contents, loader: 'js' }
          })
      },
    },
  ]
}
