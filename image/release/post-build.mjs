// Buildroot's post-build script: the target folder becomes Holt's root file system, by the same steps as the quick image's.
//   node post-build.mjs TARGET_DIR BOARD
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { developmentKeys } from '../../scripts/image-keys.mjs'
import { fail, root } from '../../scripts/common.mjs'
import { finishTree } from '../quick/tree.mjs'
import { readPins } from './hashes.mjs'
import { lostKernelOptions } from './kernel-config.mjs'

const [tree, board] = process.argv.slice(2)
if (tree === undefined || board === undefined) throw new Error('the target folder and the board are missing')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const kernel = join(process.env.BUILD_DIR ?? '', `linux-${readPins().linux.version}`, '.config')
const lost = lostKernelOptions(board, readFileSync(kernel, 'utf8'))
if (lost.length > 0) fail(lost.join('\n'))
// what Buildroot's own skeleton starts and lists; ours is in overlay/
for (const name of ['etc/init.d', 'etc/network', 'etc/nftables.conf', 'etc/dnsmasq.conf', 'etc/ssh/sshd_config', 'etc/pam.d/login']) {
  rmSync(join(tree, name), { recursive: true, force: true })
}
finishTree({ tree, version, variant: board, keys: process.env.HOLT_KEYS ?? developmentKeys(), like: 'buildroot' })
