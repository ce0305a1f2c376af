// `npm test [suite …]`: installs what the tests need, runs the suites, closes with one line `N passed, N failed`.
import { fail, listFiles, run } from './common.mjs'
import { ensureNpmPackages, ensureSystemParts } from './install.mjs'
import { runChecks, runNodeTests } from './run-tests.mjs'
import { fetchNode, runtimes } from './runtimes.mjs'

const isTest = (path) => path.endsWith('.test.ts')
const oxlintFolders = ['services', 'test', 'scripts']

/** What machines and their surroundings are made of, and what the image is built with. */
const machineParts = 'qemu qemuImg ovmf swtpm swtpmSetup iproute ping nmap dnsmasq dig curl cpio busybox mke2fs'.split(' ')
const imageParts = 'mmdebstrap squashfs veritysetup genimage mtools dosfstools depmod zstd systemctl rauc'.split(' ')

const suites = {
  lint: {
    parts: ['clang', 'lld'],
    run: () =>
      runChecks({
        oxlint: ['oxlint', '--type-aware', '--deny-warnings', ...oxlintFolders],
        format: ['biome', 'format', '.'],
        types: ['node', 'scripts/typecheck.mjs'],
        kernels: ['node', 'scripts/build-kernels.mjs', '--check'],
      }),
  },
  unit: {
    parts: ['age', 'clang', 'lld', 'wasiLibc', 'wasmRuntime', 'isal', 'cryptography', 'bubblewrap'],
    run: () => {
      const folders = ['services', 'test/vectors', 'test/simulation']
      const files = [...folders.flatMap((folder) => listFiles(folder, isTest)), 'test/layers.test.ts']
      return runNodeTests(files, { concurrency: 2, limitMinutes: 25 })
    },
  },
  hostile: {
    parts: ['bubblewrap'],
    run: () => runNodeTests(listFiles('test/hostile', isTest), { concurrency: 1, limitMinutes: 10 }),
  },
  processors: {
    parts: ['qemuUser', process.arch === 'arm64' ? 'compilerAmd64' : 'compilerArm64'],
    run: () => {
      fetchNode('20.20.2', process.arch === 'arm64' ? 'x64' : 'arm64')
      return runNodeTests(listFiles('test/processors', isTest), { concurrency: 1, limitMinutes: 10 })
    },
  },
  peers: {
    parts: ['age', 'cryptography', 'ffmpeg', 'bubblewrap', 'clang', 'lld', 'wasiLibc', 'wasmRuntime'],
    run: () => runNodeTests(listFiles('test/peers', isTest), { concurrency: 2, limitMinutes: 30, build: true, secondTry: 1 }),
  },
  mount: {
    parts: ['git', 'fio', 'stressng', 'python', 'nftables', 'iproute', 'clang'],
    run: () => runNodeTests(listFiles('test/mount', isTest), { concurrency: 2, limitMinutes: 10, build: true, secondTry: 1 }),
  },
  webdav: {
    parts: ['litmus', 'cadaver', 'davfs2', 'rclone'],
    run: () => runNodeTests(listFiles('test/webdav', isTest), { concurrency: 2, limitMinutes: 5, build: true, secondTry: 1 }),
  },
  appliance: {
    parts: [
      'nftables',
      'dnsmasq',
      'hostapd',
      'dhclient',
      'wireguard',
      'iproute',
      'ping',
      'python',
      'uidmap',
      'pam',
      'libpam',
      'swtpm',
      'swtpmSetup',
      'tpm2',
      process.arch === 'arm64' ? 'compilerArm64' : 'compilerAmd64',
    ],
    run: () => runNodeTests(listFiles('test/appliance', isTest), { concurrency: 2, limitMinutes: 10, build: true, secondTry: 1 }),
  },
  browser: {
    parts: ['chromium', 'bubblewrap'],
    run: () => runNodeTests(listFiles('test/browser', isTest), { concurrency: 2, limitMinutes: 20, build: true, secondTry: 2 }),
  },
  mobile: {
    parts:
      'compilerAmd64 compilerArm64 qemuUser unzip iproute aapt apksigner zipalign jni javac clang lld llvm frameworkRes m4 checkpolicy xmllint'.split(
        ' ',
      ),
    run: () => {
      for (const script of ['bundle-main.mjs', 'android-node.mjs', 'apk/main.mjs', 'apk/test-classes.mjs'])
        if (!run(process.execPath, [`scripts/mobile/${script}`])) return { passed: 0, failed: 1, failures: [script] }
      return runNodeTests(listFiles('test/mobile', isTest), { concurrency: 2, limitMinutes: 8 })
    },
  },
  release: {
    parts: ['rauc', 'squashfs', 'genimage', 'sfdisk', 'mtools', 'dosfstools', 'busybox', 'shellcheck'],
    run: () => runNodeTests(listFiles('test/release', isTest), { concurrency: 2, limitMinutes: 5 }),
  },
  image: {
    parts: [...machineParts, ...imageParts],
    run: async () => {
      // one image, with a root shell for the tests that no other image has
      if (!run(process.execPath, ['scripts/image-quick.mjs', '--arch', 'amd64', '--add', 'test/image/variant']))
        return { passed: 0, failed: 1, failures: ['the image'] }
      return runNodeTests(listFiles('test/image', isTest), { concurrency: 2, limitMinutes: 60, secondTry: 2 })
    },
  },
  runtimes: {
    parts: ['isal', 'clang', 'age'],
    run: async () => {
      // every seed and every cut was tried by the unit tests; here it is whether another Node runs the same
      const files = ['core', 'tree', 'store', 'network', 'sandbox'].flatMap((layer) =>
        listFiles(`services/${layer}`, (path) => isTest(path) && !path.endsWith('.crash.test.ts')),
      )
      process.env['HOLT_SEEDS'] ??= '40'
      const results = []
      for (const runtime of runtimes()) {
        console.log(`\nNode ${runtime.version}`)
        results.push(await runNodeTests(files, { concurrency: 2, limitMinutes: 15, runtime }))
      }
      return { passed: sum(results, 'passed'), failed: sum(results, 'failed'), failures: results.flatMap(({ failures }) => failures) }
    },
  },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in suites))
if (unknown.length > 0) fail(`There is no suite ${unknown.join(', ')}; there are: ${Object.keys(suites).join(', ')}`)
const names = wanted.length > 0 ? wanted : Object.keys(suites)

ensureNpmPackages()
ensureSystemParts([...new Set(names.flatMap((name) => suites[name].parts))])

const results = []
for (const name of names) {
  console.log(`\n==== ${name}`)
  const started = Date.now()
  const result = await suites[name].run()
  results.push({ name, ...result, seconds: Math.round((Date.now() - started) / 1000) })
}

console.log()
for (const { name, failures } of results) for (const failure of failures) console.log(`FAILED in ${name}: ${failure}\n`)
for (const { name, passed, failed, seconds } of results) console.log(`${name}: ${passed} of ${passed + failed} passed in ${seconds} s`)
const passed = sum(results, 'passed')
const failed = sum(results, 'failed')
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

function sum(list, field) {
  return list.reduce((total, item) => total + item[field], 0)
}
