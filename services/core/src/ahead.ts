/**
 * What `action` gives for each, in their order; the next few are under way meanwhile, no more than `most` at once. What is under way when a reader stops is
 * of no interest any more.
 *
 * @throws what the first of them threw, when its turn has come.
 */
export async function* ahead<T, R>(all: Iterable<T> | AsyncIterable<T>, most: number, action: (one: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  for await (const one of all) {
    const result = action(one)
    result.catch(() => {})
    underWay.push(result)
    if (underWay.length >= most) yield await (underWay.shift() as Promise<R>)
  }
  for (const result of underWay) yield await result
}
