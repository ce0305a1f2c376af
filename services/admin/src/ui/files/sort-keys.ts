const DIGITS = 16

/**
 * A text by which names sort as people expect, with plain comparison: without regard to case and accents, numbers by their value. A collator does
 * the same thirty times slower, which a folder of 100,000 names shows.
 */
export function sortKey(name: string): string {
  const plain = /^[\x20-\x7e]*$/.test(name) ? name : name.normalize('NFD').replace(/\p{M}/gu, '')
  return plain.toLowerCase().replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(DIGITS, '0'))
}
