/**
 * What `action` gives for each, in their order; the next few are under way meanwhile, no more than `most` at once.
 *
 * @throws what the first of them threw. Nothing runs any more then, nor when who reads it stops.
 */
export async function* ahead<T, R>(all: readonly T[], most: number, action: (one: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  let begun = 0
  try {
    while (begun < all.length || underWay.length > 0) {
      while (begun < all.length && underWay.length < most) {
        const result = action(all[begun++] as T)
        result.catch(() => {}) // thrown when its turn has come
        underWay.push(result)
      }
      yield await (underWay.shift() as Promise<R>)
    }
  } finally {
    await Promise.allSettled(underWay)
  }
}
