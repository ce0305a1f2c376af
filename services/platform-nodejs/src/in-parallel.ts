const REBUILDS_AT_ONCE = 8

/** What must be rebuilt waits for several drives at a time. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const lanes = Array.from({ length: Math.min(REBUILDS_AT_ONCE, items.length) }, async () => {
    for (const item of rest) await work(item)
  })
  await Promise.all(lanes)
}
