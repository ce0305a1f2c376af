/**
 * Where the time itself goes, whoever called it: the functions of CPU profiles by the time spent in them alone.
 *
 * @param profiles as V8 writes them.
 * @returns the first `count` as `{ label, ms, share }`, the most expensive first; idle time is left out.
 */
export function topSelfTimes(profiles, count) {
  const times = new Map()
  let wholeUs = 0
  for (const { nodes, samples, timeDeltas } of profiles) {
    const labels = new Map(nodes.map(({ id, callFrame }) => [id, labelOf(callFrame)]))
    samples.forEach((id, i) => {
      const label = labels.get(id)
      const us = Math.max(0, timeDeltas[i])
      if (label === '(idle)') return
      times.set(label, (times.get(label) ?? 0) + us)
      wholeUs += us
    })
  }
  const sorted = [...times].sort(([, a], [, b]) => b - a).slice(0, count)
  return sorted.map(([label, us]) => ({ label, ms: us / 1000, share: us / Math.max(1, wholeUs) }))
}

function labelOf({ functionName, url, lineNumber }) {
  const name = functionName || '(anonymous)'
  return url === '' ? name : `${name}  ${url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')}:${lineNumber + 1}`
}
