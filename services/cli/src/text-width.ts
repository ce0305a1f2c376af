/** Characters that take no column: combining marks, joiners, variation selectors. */
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u

/** First and last code points that take two columns, by Unicode's East Asian Width (W and F) and emoji presentation. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2757],
  [0x2b50, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f18e, 0x1f19a],
  [0x1f200, 0x1f320],
  [0x1f32d, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f7e0, 0x1f7eb],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
]

/** How many columns a terminal gives this text, which holds no control characters but the colour sequences of ours. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text.replace(colourSequence, '')) width += characterWidth(character)
  return width
}

const colourSequence = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

function characterWidth(character: string): number {
  const code = character.codePointAt(0) as number
  if (code < 0x300) return 1
  if (zeroWidth.test(character)) return 0
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)))
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - textWidth(text))) + text
}

/** At most that many columns; what is cut off in the middle shows as an ellipsis, so that beginnings and ends stay. */
export function shorten(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  const characters = Array.from(text)
  let head = ''
  let tail = ''
  for (let i = 0, j = characters.length - 1; i <= j; i++, j--) {
    if (textWidth(head + characters[i] + tail) > columns - 1) break
    head += characters[i]
    if (textWidth(head + characters[j] + tail) > columns - 1) break
    tail = characters[j] + tail
  }
  return `${head}…${tail}`
}
