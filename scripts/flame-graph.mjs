/**
 * Draws CPU profiles (.cpuprofile, as V8 writes them) as one flame graph in SVG: width is time on the processor, what
 * stands on a bar was called by it. Idle time is left out, else a waiting node would be all one bar.
 */

const rowHeight = 17
const pageWidth = 1400
/** A bar narrower than this cannot be seen or pointed at. */
const narrowestPx = 0.4
const charWidthPx = 6.3

/** @param profiles `[{ name, profile }]`: one per thread. @returns the text of an SVG file. */
export function flameGraph(profiles, title) {
  const top = frame('all threads', '')
  for (const { name, profile } of profiles) addProfile(child(top, name, name, ''), profile)
  sumUp(top)
  const rows = depthOf(top, top.totalUs)
  const height = (rows + 3) * rowHeight
  const bars = []
  drawFrame(top, { x: 10, row: 0, height, pxPerUs: (pageWidth - 20) / Math.max(1, top.totalUs), wholeUs: top.totalUs, bars })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pageWidth}" height="${height}" font-family="monospace" font-size="11">
<rect width="100%" height="100%" fill="#fffdf7"/>
<text x="10" y="16" font-size="13">${escapeXml(title)}: ${(top.totalUs / 1e6).toFixed(2)} s on the processor</text>
${bars.join('\n')}
</svg>
`
}

function frame(label, place) {
  return { label, place, selfUs: 0, totalUs: 0, children: new Map() }
}

function child(parent, key, label, place) {
  let found = parent.children.get(key)
  if (found === undefined) parent.children.set(key, (found = frame(label, place)))
  return found
}

/** Adds each sample's time to the frame it fell in; frames with the same callers are one. */
function addProfile(thread, profile) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node.id])))
  const frames = new Map()
  const frameOf = (id) => {
    if (frames.has(id)) return frames.get(id)
    const node = nodes.get(id)
    const { functionName, url, lineNumber } = node.callFrame
    const place = url === '' ? '' : `${url.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '')}:${lineNumber + 1}`
    const name = functionName || '(anonymous)'
    const found = functionName === '(root)' ? thread : child(frameOf(parents.get(id)), `${name} ${place}`, name, place)
    frames.set(id, found)
    return found
  }
  profile.samples.forEach((id, i) => {
    if (nodes.get(id).callFrame.functionName !== '(idle)') frameOf(id).selfUs += Math.max(0, profile.timeDeltas[i])
  })
}

function sumUp(node) {
  node.totalUs = node.selfUs
  for (const below of node.children.values()) node.totalUs += sumUp(below)
  return node.totalUs
}

function isVisible(node, wholeUs) {
  return (node.totalUs / wholeUs) * pageWidth >= narrowestPx
}

function depthOf(node, wholeUs) {
  let deepest = 0
  for (const below of node.children.values()) if (isVisible(below, wholeUs)) deepest = Math.max(deepest, depthOf(below, wholeUs))
  return deepest + 1
}

function drawFrame(node, { x, row, height, pxPerUs, wholeUs, bars }) {
  const width = node.totalUs * pxPerUs
  const y = height - (row + 1) * rowHeight - 6
  const share = ((100 * node.totalUs) / Math.max(1, wholeUs)).toFixed(1)
  const text = node.label.slice(0, Math.max(0, Math.floor((width - 6) / charWidthPx)))
  bars.push(
    `<g><title>${escapeXml(`${node.label} ${node.place}`.trim())}: ${(node.totalUs / 1000).toFixed(1)} ms, ${share} %</title>` +
      `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${rowHeight - 1}" fill="${colourOf(node)}"/>` +
      `${text.length > 2 ? `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escapeXml(text)}</text>` : ''}</g>`,
  )
  let childX = x
  const heaviestFirst = [...node.children.values()].sort((a, b) => b.totalUs - a.totalUs)
  for (const below of heaviestFirst) {
    if (isVisible(below, wholeUs)) drawFrame(below, { x: childX, row: row + 1, height, pxPerUs, wholeUs, bars })
    childX += below.totalUs * pxPerUs
  }
}

/** Our code warm, the runtime's own grey, native and V8's blue; the shade tells neighbours apart. */
function colourOf({ label, place }) {
  let hash = 0
  for (const char of label + place) hash = (hash * 31 + char.charCodeAt(0)) % 997
  if (place === '') return `hsl(210 40% ${72 + (hash % 14)}%)`
  if (place.startsWith('node:')) return `hsl(40 5% ${74 + (hash % 12)}%)`
  return `hsl(${15 + (hash % 35)} 85% ${64 + (hash % 12)}%)`
}

function escapeXml(text) {
  return text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`)
}
