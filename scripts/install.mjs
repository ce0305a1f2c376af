import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, root, run, succeeds } from './common.mjs'

/** What stands outside npm, each with the Debian package that brings it and how to see that it is there. */
const systemParts = {
  clang: { package: 'clang', present: () => succeeds('clang', ['--version']) },
  lld: { package: 'lld', present: () => succeeds('wasm-ld', ['--version']) },
  wasiLibc: { package: 'wasi-libc', present: () => existsSync('/usr/lib/wasm32-wasi/crt1-command.o') },
  wasmRuntime: {
    package: 'libclang-rt-dev-wasm32',
    present: () => succeeds('sh', ['-c', 'test -e "$(clang --target=wasm32-wasi --print-libgcc-file-name)"']),
  },
  isal: { package: 'libisal-dev', present: () => existsSync('/usr/include/isa-l.h') },
  chromium: { package: 'chromium', present: () => succeeds('chromium', ['--version']) },
  age: { package: 'age', present: () => succeeds('age', ['--version']) },
  ffmpeg: { package: 'ffmpeg', present: () => succeeds('ffmpeg', ['-version']) },
  restic: { package: 'restic', present: () => succeeds('restic', ['version']) },
  mmdebstrap: { package: 'mmdebstrap', present: () => succeeds('mmdebstrap', ['--version']) },
  squashfs: { package: 'squashfs-tools', present: () => existsSync('/usr/bin/mksquashfs') },
  veritysetup: { package: 'cryptsetup-bin', present: () => succeeds('veritysetup', ['--version']) },
  sfdisk: { package: 'fdisk', present: () => existsSync('/usr/sbin/sfdisk') || existsSync('/sbin/sfdisk') },
  genimage: { package: 'genimage', present: () => succeeds('genimage', ['--version']) },
  mtools: { package: 'mtools', present: () => succeeds('mcopy', ['-V']) },
  dosfstools: { package: 'dosfstools', present: () => existsSync('/usr/sbin/mkfs.vfat') },
  depmod: { package: 'kmod', present: () => succeeds('depmod', ['--version']) },
  zstd: { package: 'zstd', present: () => succeeds('zstd', ['--version']) },
  systemctl: { package: 'systemd', present: () => succeeds('systemctl', ['--version']) },
  stripAmd64: { package: 'binutils-x86-64-linux-gnu', present: () => succeeds('x86_64-linux-gnu-strip', ['--version']) },
  stripArm64: { package: 'binutils-aarch64-linux-gnu', present: () => succeeds('aarch64-linux-gnu-strip', ['--version']) },
  compilerAmd64: { package: 'g++-x86-64-linux-gnu', present: () => succeeds('x86_64-linux-gnu-g++', ['--version']) },
  compilerArm64: { package: 'g++-aarch64-linux-gnu', present: () => succeeds('aarch64-linux-gnu-g++', ['--version']) },
  libpam: { package: 'libpam0g-dev', present: () => existsSync('/usr/include/security/pam_appl.h') },
  nftables: { package: 'nftables', present: () => existsSync('/usr/sbin/nft') },
  dnsmasq: { package: 'dnsmasq-base', present: () => existsSync('/usr/sbin/dnsmasq') },
  hostapd: { package: 'hostapd', present: () => existsSync('/usr/sbin/hostapd') },
  dhclient: { package: 'isc-dhcp-client', present: () => existsSync('/usr/sbin/dhclient') },
  wireguard: { package: 'wireguard-tools', present: () => existsSync('/usr/bin/wg') },
  iproute: { package: 'iproute2', present: () => succeeds('ip', ['-V']) },
  ping: { package: 'iputils-ping', present: () => existsSync('/usr/bin/ping') || existsSync('/bin/ping') },
  bubblewrap: { package: 'bubblewrap', present: () => succeeds('bwrap', ['--version']) },
  uidmap: { package: 'uidmap', present: () => existsSync('/usr/bin/newuidmap') },
  pam: {
    package: 'libpam-modules',
    present: () => succeeds('sh', ['-c', 'ls /lib/*/security/pam_unix.so /usr/lib/*/security/pam_unix.so']),
  },
  cryptography: { package: 'python3-cryptography', present: () => succeeds('/usr/bin/python3', ['-c', 'import cryptography']) },
  python: { package: 'python3', present: () => succeeds('/usr/bin/python3', ['--version']) },
  rauc: { package: 'rauc', present: () => succeeds('rauc', ['--version']) },
  busybox: { package: 'busybox-static', present: () => succeeds('busybox', ['true']) },
  qemu: { package: 'qemu-system-x86', present: () => succeeds('qemu-system-x86_64', ['--version']) },
  qemuImg: { package: 'qemu-utils', present: () => succeeds('qemu-img', ['--version']) },
  ovmf: { package: 'ovmf', present: () => existsSync('/usr/share/OVMF/OVMF_CODE_4M.fd') },
  swtpm: { package: 'swtpm', present: () => succeeds('swtpm', ['--version']) },
  swtpmSetup: { package: 'swtpm-tools', present: () => existsSync('/usr/bin/swtpm_setup') },
  tpm2: { package: 'tpm2-tools', present: () => succeeds('tpm2_nvread', ['--version']) },
  nmap: { package: 'nmap', present: () => succeeds('nmap', ['--version']) },
  dig: { package: 'bind9-dnsutils', present: () => succeeds('dig', ['-v']) },
  curl: { package: 'curl', present: () => succeeds('curl', ['--version']) },
  cpio: { package: 'cpio', present: () => succeeds('cpio', ['--version']) },
  mke2fs: { package: 'e2fsprogs', present: () => existsSync('/sbin/mke2fs') },
  fio: { package: 'fio', present: () => succeeds('fio', ['--version']) },
  gocryptfs: { package: 'gocryptfs', present: () => succeeds('gocryptfs', ['-version']) },
  stressng: { package: 'stress-ng', present: () => succeeds('stress-ng', ['--version']) },
  litmus: { package: 'litmus', present: () => succeeds('litmus', ['--version']) },
  cadaver: { package: 'cadaver', present: () => existsSync('/usr/bin/cadaver') },
  davfs2: { package: 'davfs2', present: () => existsSync('/usr/sbin/mount.davfs') },
  rclone: { package: 'rclone', present: () => succeeds('rclone', ['version']) },
  git: { package: 'git', present: () => succeeds('git', ['--version']) },
  iperf3: { package: 'iperf3', present: () => succeeds('iperf3', ['--version']) },
  aapt: { package: 'aapt', present: () => succeeds('aapt2', ['version']) },
  apksigner: { package: 'apksigner', present: () => existsSync('/usr/bin/apksigner') },
  zipalign: { package: 'zipalign', present: () => existsSync('/usr/bin/zipalign') },
  jni: { package: 'android-libnativehelper-dev', present: () => existsSync('/usr/include/android/nativehelper/jni.h') },
  javac: { package: 'openjdk-17-jdk-headless', present: () => succeeds('javac', ['-version']) },
  m4: { package: 'm4', present: () => succeeds('m4', ['--version']) },
  checkpolicy: { package: 'checkpolicy', present: () => succeeds('checkpolicy', ['-V']) },
  xmllint: { package: 'libxml2-utils', present: () => succeeds('xmllint', ['--version']) },
  llvm: { package: 'llvm', present: () => succeeds('llvm-strip', ['--version']) },
  frameworkRes: { package: 'android-framework-res', present: () => existsSync('/usr/share/android-framework-res/framework-res.apk') },
  qemuUser: { package: 'qemu-user-static', present: () => succeeds('qemu-aarch64-static', ['--version']) },
  unzip: { package: 'unzip', present: () => succeeds('unzip', ['-v']) },
  shellcheck: { package: 'shellcheck', present: () => succeeds('shellcheck', ['--version']) },
}

/** Brings node_modules to what the lockfile says; does nothing when it is so already. */
export function ensureNpmPackages() {
  if (npmPackagesFit()) return
  console.log('Installing npm packages …')
  // Not `npm ci`: it wants an entry for every optional package of every platform, and registries that leave out packages
  // for other platforms give the lockfile none. This one takes versions and hashes from the lockfile too, and does not write it.
  // The level is said because CI silences npm as a whole.
  if (!run('npm', ['install', '--no-save', '--loglevel=warn'])) fail('npm install failed: see above')
}

/** Compares contents, not times: a fresh clone's lockfile is always "newer" than what an earlier install left. */
function npmPackagesFit() {
  const installedLock = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(installedLock)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.optional) return true // optional ones belong to other platforms
    return installed[path]?.version === entry.version && existsSync(join(root, path))
  })
}

/**
 * Installs the Debian packages that are missing among `names`, as root or through a sudo that asks nothing; ends the
 * script with the command to type where neither is to be had.
 */
export function ensureSystemParts(names) {
  const missing = names.filter((name) => !systemParts[name].present())
  if (missing.length === 0) return
  const packages = missing.map((name) => systemParts[name].package)
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const allowed = succeeds('apt-get', ['--version']) && (asRoot.length === 0 || succeeds('sudo', ['-n', 'true']))
  if (allowed) {
    console.log(`Installing ${packages.join(', ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    runAs(asRoot, ['apt-get', 'update', '-q'], env) // an old list still serves when this fails
    runAs(asRoot, command, env)
  }
  const stillMissing = missing.filter((name) => !systemParts[name].present())
  if (stillMissing.length > 0) fail(`Missing: ${stillMissing.join(', ')}. Install with:\n  sudo ${command.join(' ')}`)
}

function runAs(prefix, command, env) {
  const [program, ...args] = [...prefix, ...command]
  return run(program, args, { env })
}
