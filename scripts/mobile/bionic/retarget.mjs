import { readFileSync, writeFileSync } from 'node:fs'

/** What `shim.c` brings, as it is called in bionic. */
const renamed = `__errno __assert2 __strlen_chk __FD_SET_chk __FD_CLR_chk __FD_ISSET_chk __system_property_get __android_log_print
  android_set_abort_message strerror_r __sF fprintf vfprintf fwrite fflush fputs fileno sigemptyset sigfillset sigaddset sigdelset
  pthread_sigmask sigprocmask sigaction epoll_pwait sem_init sem_destroy sem_post sem_wait sem_trywait sem_timedwait getaddrinfo
  freeaddrinfo gai_strerror getnameinfo sysconf pthread_cond_init pthread_cond_destroy pthread_cond_wait pthread_cond_timedwait
  pthread_cond_signal pthread_cond_broadcast realpath sched_getaffinity
  pthread_mutex_init pthread_attr_init pthread_getattr_np pthread_attr_setstacksize`.split(/\s+/)

/** These may stay glibc's where a linker wrote them as the end of a longer name: only what names the array of streams needs ours. */
const mayStay = /^(?:v?fprintf|fputs|fwrite|fflush|fileno)$/

/** Of a 64-bit ELF file, little-endian. */
const DYNAMIC_SEGMENT = 2
const TAGS = { end: 0n, stringTable: 5n, symbolTable: 6n, gnuHash: 0x6ffffef5n }
/** Versions of symbols, which bionic has and glibc has otherwise; and a tag that no loader knows. */
const VERSION_TAGS = new Set([0x6ffffff0n, 0x6ffffffcn, 0x6ffffffdn, 0x6ffffffen, 0x6fffffffn])
const NO_TAG = 0x6000fff0n
const SYMBOL_BYTES = 24

/**
 * Makes a library for Android one that glibc's loader takes: without versions of symbols, and with the functions that `shim.c` brings under
 * the names they have there.
 */
export function retarget(from, to) {
  const bytes = readFileSync(from)
  const segments = segmentsOf(bytes)
  const fileOffset = (address) => {
    const segment = segments.find((one) => one.type === 1 && address >= one.address && address < one.address + one.fileBytes)
    if (segment === undefined) throw new Error(`${from}: nothing lies at ${address}`)
    return Number(address - segment.address + segment.offset)
  }
  const dynamic = segments.find((one) => one.type === DYNAMIC_SEGMENT)
  const tags = new Map()
  for (let at = Number(dynamic.offset); ; at += 16) {
    const tag = bytes.readBigUInt64LE(at)
    if (tag === TAGS.end) break
    tags.set(tag, bytes.readBigUInt64LE(at + 8))
    if (VERSION_TAGS.has(tag)) bytes.writeBigUInt64LE(NO_TAG, at)
  }
  const symbols = fileOffset(tags.get(TAGS.symbolTable))
  const strings = fileOffset(tags.get(TAGS.stringTable))
  // the table of names follows that of symbols in what lld writes; the hash says where those begin that are defined
  const firstDefined = bytes.readUInt32LE(fileOffset(tags.get(TAGS.gnuHash)) + 4)
  const wanted = new Set(renamed)
  for (let i = 1; i < firstDefined; i++) {
    const at = symbols + i * SYMBOL_BYTES
    const start = strings + bytes.readUInt32LE(at)
    const name = bytes.toString('latin1', start, bytes.indexOf(0, start))
    if (bytes.readUInt16LE(at + 6) !== 0 || !wanted.has(name)) continue
    if (bytes[start - 1] !== 0) {
      if (mayStay.test(name)) continue
      throw new Error(`${from}: ${name} is the end of another name`)
    }
    bytes[start] = 'Q'.charCodeAt(0)
  }
  writeFileSync(to, bytes)
}

function segmentsOf(bytes) {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2) throw new Error('this is no 64-bit ELF file')
  const start = Number(bytes.readBigUInt64LE(32))
  const size = bytes.readUInt16LE(54)
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, i) => {
    const at = start + i * size
    return {
      type: bytes.readUInt32LE(at),
      offset: bytes.readBigUInt64LE(at + 8),
      address: bytes.readBigUInt64LE(at + 16),
      fileBytes: bytes.readBigUInt64LE(at + 32),
    }
  })
}
