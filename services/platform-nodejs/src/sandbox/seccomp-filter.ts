/** System calls that a Node process needs which has threads, memory and one open stream, by their numbers on [x86-64, ARM64]; -1: not there. */
const allowed: Readonly<Record<string, readonly [number, number]>> = {
  read: [0, 63],
  write: [1, 64],
  close: [3, 57],
  stat: [4, -1],
  fstat: [5, 80],
  lstat: [6, -1],
  poll: [7, -1],
  lseek: [8, 62],
  mmap: [9, 222],
  mprotect: [10, 226],
  munmap: [11, 215],
  brk: [12, 214],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  ioctl: [16, 29],
  pread64: [17, 67],
  readv: [19, 65],
  writev: [20, 66],
  access: [21, -1],
  pipe: [22, -1],
  sched_yield: [24, 124],
  mremap: [25, 216],
  madvise: [28, 233],
  dup: [32, 23],
  dup2: [33, -1],
  nanosleep: [35, 101],
  getpid: [39, 172],
  recvfrom: [45, 207],
  sendto: [44, 206],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  shutdown: [48, 210],
  getsockname: [51, 204],
  getpeername: [52, 205],
  setsockopt: [54, 208],
  getsockopt: [55, 209],
  execve: [59, 221],
  exit: [60, 93],
  uname: [63, 160],
  fcntl: [72, 25],
  getcwd: [79, 17],
  readlink: [89, -1],
  gettimeofday: [96, 169],
  getrlimit: [97, 163],
  getrusage: [98, 165],
  sysinfo: [99, 179],
  getuid: [102, 174],
  getgid: [104, 176],
  geteuid: [107, 175],
  getegid: [108, 177],
  getppid: [110, 173],
  getresuid: [118, 148],
  getresgid: [120, 150],
  sigaltstack: [131, 132],
  arch_prctl: [158, -1],
  gettid: [186, 178],
  time: [201, -1],
  futex: [202, 98],
  sched_getaffinity: [204, 123],
  getdents64: [217, 61],
  set_tid_address: [218, 96],
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  exit_group: [231, 94],
  epoll_wait: [232, -1],
  epoll_ctl: [233, 21],
  tgkill: [234, 131],
  newfstatat: [262, 79],
  readlinkat: [267, 78],
  faccessat: [269, 48],
  ppoll: [271, 73],
  set_robust_list: [273, 99],
  epoll_pwait: [281, 22],
  eventfd2: [290, 19],
  epoll_create1: [291, 20],
  dup3: [292, 24],
  pipe2: [293, 59],
  getrandom: [318, 278],
  membarrier: [324, 283],
  pkey_mprotect: [329, 288],
  pkey_alloc: [330, 289],
  pkey_free: [331, 290],
  statx: [332, 291],
  rseq: [334, 293],
  faccessat2: [439, 439],
  epoll_pwait2: [441, 441],
}

/** Allowed when an argument is harmless; `clone3` has its flags in memory, where no filter sees them: without it, C libraries use `clone`. */
const conditional = {
  open: { numbers: [2, -1], argument: 1, noneOf: 0o103 | 0o100 | 0o1000 | 0o2000 }, // to read only: no O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND
  openat: { numbers: [257, 56], argument: 2, noneOf: 0o103 | 0o100 | 0o1000 | 0o2000 },
  clone: { numbers: [56, 220], argument: 0, allOf: 0x10000, noneOf: 0x7e020080 }, // threads, not processes, and no namespaces
  prctl: { numbers: [157, 167], argument: 0, oneOf: [15, 16, 0x53564d41] }, // names of threads and of memory
  prlimit64: { numbers: [302, 261], argument: 2, noneOf: 0xffffffff }, // to look
} as const satisfies Record<
  string,
  { numbers: readonly [number, number]; argument: number; allOf?: number; noneOf?: number; oneOf?: readonly number[] }
>

const NOT_THERE = { clone3: 435 }

const LOAD = 0x20
const JUMP_EQUAL = 0x15
const JUMP_ANY_BIT = 0x45
const RETURN = 0x06
const AND = 0x54
const ALLOW = 0x7fff0000
const KILL_PROCESS = 0x80000000
const ERRNO = 0x00050000
const EPERM = 1
const ENOSYS = 38
const NUMBER_AT = 0
const ARCHITECTURE_AT = 4
const ARGUMENTS_AT = 16

const architectures = { x64: { column: 0, audit: 0xc000003e }, arm64: { column: 1, audit: 0xc00000b7 } } as const

/**
 * The program that the kernel runs at each system call of a caged process (classic BPF, eight bytes an instruction): what is not named here is
 * refused, sockets, files to write, processes, signals to others, namespaces and tracing among it.
 *
 * @returns null for a processor that is not known here.
 */
export function seccompFilter(architecture: string): Uint8Array | null {
  if (architecture !== 'x64' && architecture !== 'arm64') return null
  const { column, audit } = architectures[architecture]
  const code: [number, number, number, number][] = [
    [LOAD, 0, 0, ARCHITECTURE_AT],
    [JUMP_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER_AT],
  ]
  for (const numbers of Object.values(allowed)) {
    if (numbers[column] >= 0) code.push([JUMP_EQUAL, 0, 1, numbers[column]], [RETURN, 0, 0, ALLOW])
  }
  code.push([JUMP_EQUAL, 0, 1, NOT_THERE.clone3], [RETURN, 0, 0, ERRNO | ENOSYS])
  for (const rule of Object.values(conditional)) {
    if (rule.numbers[column] < 0) continue
    const checks = checksOf(rule)
    code.push([JUMP_EQUAL, 0, checks.length, rule.numbers[column]], ...checks)
  }
  code.push([RETURN, 0, 0, ERRNO | EPERM])
  const bytes = new Uint8Array(code.length * 8)
  const view = new DataView(bytes.buffer)
  for (const [index, [operation, whenTrue, whenFalse, operand]] of code.entries()) {
    view.setUint16(index * 8, operation, true)
    view.setUint8(index * 8 + 2, whenTrue)
    view.setUint8(index * 8 + 3, whenFalse)
    view.setUint32(index * 8 + 4, operand >>> 0, true)
  }
  return bytes
}

type Rule = { argument: number; allOf?: number; noneOf?: number; oneOf?: readonly number[] }

/** Looks at the lower half of one argument and returns either way. */
function checksOf({ argument, allOf, noneOf, oneOf }: Rule): [number, number, number, number][] {
  const refuse: [number, number, number, number] = [RETURN, 0, 0, ERRNO | EPERM]
  const allow: [number, number, number, number] = [RETURN, 0, 0, ALLOW]
  const low: [number, number, number, number] = [LOAD, 0, 0, ARGUMENTS_AT + argument * 8]
  const high: [number, number, number, number] = [LOAD, 0, 0, ARGUMENTS_AT + argument * 8 + 4]
  if (oneOf !== undefined) {
    const tests = oneOf.flatMap((value): [number, number, number, number][] => [[JUMP_EQUAL, 0, 1, value], allow])
    return [low, ...tests, refuse]
  }
  const checks: [number, number, number, number][] = []
  // an address: any bit of either half
  if (noneOf === 0xffffffff) checks.push(high, [JUMP_EQUAL, 1, 0, 0], refuse)
  checks.push(low)
  if (noneOf !== undefined) checks.push([JUMP_ANY_BIT, 0, 1, noneOf], refuse)
  if (allOf !== undefined) checks.push([AND, 0, 0, allOf], [JUMP_EQUAL, 1, 0, allOf], refuse)
  return [...checks, allow]
}
