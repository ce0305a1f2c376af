/** Where the body of a block lies: in which pack, by its number in the index, and where in it. */
export interface BlockLocation {
  pack: number
  offset: number
  length: number
}
