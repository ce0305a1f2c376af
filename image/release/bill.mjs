/**
 * The bill of materials (CycloneDX 1.5) of what Buildroot puts into the image.
 *
 * @param info what `make show-info` prints: package name → facts. What only serves building is left out.
 * @param options.name, options.version of the image.
 */
export function systemBill(info, { name, version }) {
  const components = Object.entries(info)
    .filter(([, facts]) => facts.type === 'target' && !facts.virtual && facts.version !== undefined && facts.version !== '')
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([packageName, facts]) => component(packageName, facts))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'operating-system', name, version } },
    components,
  }
}

function component(name, facts) {
  return {
    type: 'library',
    'bom-ref': `${name}@${facts.version}`,
    name,
    version: facts.version,
    ...(facts['cpe-id'] && { cpe: facts['cpe-id'] }),
    // Buildroot's words for licences are no SPDX expressions always: a name is what can be said for sure
    ...(facts.licenses && { licenses: [{ license: { name: facts.licenses } }] }),
    externalReferences: (facts.downloads ?? [])
      .map(({ uris, source }) => reference(uris?.[0] ?? 'local+', source))
      .filter((found) => found !== null),
  }
}

/** Buildroot writes the way of fetching before the address: `https+https://…`, `git+https://…`. Null for a folder beside it. */
function reference(uri, source) {
  if (uri.startsWith('local+')) return null
  const address = uri.replace(/^[a-z]+(\|[a-z]+)?\+/, '')
  return { type: 'distribution', url: uri.startsWith('git+') ? address : `${address}/${source}` }
}
