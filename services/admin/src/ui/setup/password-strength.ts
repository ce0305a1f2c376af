/** 0 too short … 4 strong: a rough measure that favours length; the node has the last word. */
export function passwordStrength(password: string): 0 | 1 | 2 | 3 | 4 {
  if (password.length < 10) return 0
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length
  const distinct = new Set(password.toLowerCase()).size
  if (distinct < 5) return 1
  const score = Math.min(password.length, 2 * distinct) + 2 * kinds
  if (score < 16) return 2
  return score < 22 ? 3 : 4
}
