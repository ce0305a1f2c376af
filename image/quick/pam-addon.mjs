import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../scripts/common.mjs'
import { fetchPackage } from './node-binary.mjs'
import { step, tool } from './steps.mjs'

export const pamCompilers = { amd64: 'x86_64-linux-gnu-g++', arm64: 'aarch64-linux-gnu-g++' }

/** What the addon takes from libpam. Linking against names alone needs no library of the machine it is for. */
const pamNames = ['pam_start', 'pam_end', 'pam_authenticate', 'pam_acct_mgmt', 'pam_set_item', 'pam_strerror']

/** node-linux-pam's addon for a machine, from pinned sources and the headers of the Node it will run in. @returns the file. */
export async function pamAddon({ arch, cache }) {
  const { native, node } = JSON.parse(readFileSync(join(root, 'image/pins.json'), 'utf8'))
  const output = join(cache, `node-linux-pam-${arch}.node`)
  await step({
    name: `node-linux-pam ${native['node-linux-pam'].version} (${arch})`,
    inputs: [JSON.stringify(native), node.version, { path: join(root, 'image/quick/pam-addon.mjs') }],
    outputs: [output],
    work: () => {
      const folder = mkdtempSync(join(tmpdir(), 'holt-pam-'))
      try {
        const sources = Object.entries(native).map(([name, { version, integrity }]) => unpacked(`${name}@${version}`, integrity, join(folder, name)))
        const { name, integrity } = node.packages[arch]
        const headers = join(unpacked(`${name}@${node.version}`, integrity, join(folder, 'node'), 'package/include'), 'include/node')
        compile({ arch, folder, sources, headers, output })
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  })
  return output
}

function unpacked(name, integrity, folder, part = 'package') {
  const archive = fetchPackage(name, integrity, folder)
  tool('tar', ['-xzf', archive, '-C', folder, part])
  return join(folder, 'package')
}

function compile({ arch, folder, sources: [addon, api], headers, output }) {
  const compiler = pamCompilers[arch]
  const stub = join(folder, 'libpam.so')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'names.cc'), `extern "C" {\n${pamNames.map((name) => `void ${name}() {}\n`).join('')}}\n`)
  tool(compiler, ['-shared', '-fPIC', '-Wl,-soname,libpam.so.0', join(folder, 'names.cc'), '-o', stub])
  // the headers of libpam are the same for every machine
  const given = `-shared -fPIC -O2 -s -std=c++17 -fexceptions -DNAPI_CPP_EXCEPTIONS -DBUILDING_NODE_EXTENSION -DNODE_GYP_MODULE_NAME=node_linux_pam -idirafter /usr/include`
  const files = ['index.cc', 'pam_worker.cc'].map((name) => join(addon, 'src', name))
  tool(compiler, [...given.split(' '), `-I${headers}`, `-I${api}`, ...files, `-L${folder}`, '-lpam', '-o', output])
}
