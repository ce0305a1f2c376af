/**
 * Runs programs where they can reach nothing but what is handed to them.
 *
 * A program is WebAssembly, or JavaScript in an engine that is WebAssembly itself. One running instance of it is a **vat**: a linear
 * memory, some globals, a small store of keys and values. It does nothing but answer deliveries, one after the other.
 */
export interface Sandbox {
  /**
   * Checks a stranger's Wasm and puts the meter in; done once, when a package is installed.
   *
   * @returns what `ProgramCode.load` must give.
   * @throws HoltError PROGRAM_INVALID.
   */
  prepare(wasm: Uint8Array): Promise<PreparedModule>
  /**
   * Starts a vat, or goes on with one where a snapshot left it. No code of the program has run when a snapshot is given;
   * without one its top level (a script's statements, a module's start function and `_initialize`) has.
   *
   * @throws HoltError PROGRAM_INVALID, PROGRAM_FAILED, METER_EXCEEDED, TIME_EXCEEDED, MEMORY_EXCEEDED, CAGE_MISSING, NODE_STOPPING.
   */
  openVat(options: VatOptions): Promise<Vat>
  /** Ends all vats. */
  stop(): Promise<void>
}

export interface PreparedModule {
  /** The module with its meter. Valid only for the build of Holt that made it: keep the original, prepare again when `preparedBy` differs. */
  module: Uint8Array
  preparedBy: number
  /** False where state lies in what a snapshot does not have (tables that change). */
  canSnapshot: boolean
}

export interface ProgramCode {
  /** Names the content: equal ids are equal code. Compiled once for all vats that have it. */
  id: string
  kind: 'wasm' | 'script'
  /** The prepared module, or the script as UTF-8. Asked for when the sandbox does not have that id compiled. */
  load(): Promise<Uint8Array>
}

export interface VatOptions {
  code: ProgramCode
  limits: VatLimits
  powers: Powers
  /** What the store of keys and values has at the start. */
  store?: readonly StoreEntry[]
  /** As `applySnapshot` made it. */
  image?: VatImage
  /** What is told of it; called in order, never awaited. */
  onLog?: (line: LogLine) => void
  /** Folders that WASI calls see as open from the start ("/photos"); what is done in one goes by the powers `folder.…` of that name ("photos"). */
  preopens?: readonly string[]
  /** What WASI's args_get gives, the program's name first. */
  args?: readonly string[]
  /** For what runs before the first delivery; as in `Delivery`. */
  now?: number
  seed?: Uint8Array
  signal?: AbortSignal
}

/** Each is enforced; what happens at it stands beside. */
export interface VatLimits {
  /** Linear memory and tables together. A program that wants more is refused by memory.grow (-1); JavaScript gets an exception. */
  memoryBytes: number
  /** Work of one delivery in units of the meter, an instruction of Wasm each. METER_EXCEEDED, and the vat ends. */
  meter: number
  /** Time of one delivery on the clock, waiting for powers included. TIME_EXCEEDED, and the vat ends. */
  timeMs: number
  /** Keys and values together. What would go over is refused to the program (LIMIT_REACHED). */
  storeBytes: number
  /** Log text of one delivery. What is more is dropped, and that is told once. */
  logBytes: number
  /** Uses of powers that wait for an answer at once. One more is refused to the program (LIMIT_REACHED). */
  callsAtOnce: number
  /** Arguments of one power, answer of one power, answer of a delivery. LIMIT_REACHED. */
  messageBytes: number
}

/**
 * All that a program can reach. Called in the node, where it is decided whether this program may.
 *
 * @param name of the power, at most 64 bytes of UTF-8.
 * @param args as the program gave them: a stranger's bytes.
 * @throws HoltErrors: the program sees code and message. Anything else it sees as INTERNAL without the message.
 */
export type Powers = (name: string, args: Uint8Array, context: PowerContext) => Promise<Uint8Array>

export interface PowerContext {
  /** Fires when the vat ends, or the delivery that used the power. */
  signal: AbortSignal
  /** The program waits and does nothing else until the answer comes. */
  synchronous: boolean
}

export interface Delivery {
  /** What kind: "http", "message", "timer" …; at most 64 bytes of UTF-8. */
  name: string
  body: Uint8Array
  /** Less than the vat's limits, for this one. */
  meter?: number
  timeMs?: number
  /** What the program's clock says throughout (ms since 1970); the time of day, rounded down to a tenth of a second, when it is not given. */
  now?: number
  /** 32 bytes from which all randomness of this delivery follows; the system's when it is not given. */
  seed?: Uint8Array
}

export interface DeliveryResult {
  body: Uint8Array
  /** Of this delivery: the same for the same state and the same inputs on every processor. */
  meter: number
  timeMs: number
  /** What its linear memory has now. */
  memoryBytes: number
  /** What it changed in its store, the last word for each key. Nothing of a delivery that failed. */
  changes: readonly StoreChange[]
}

export interface StoreEntry {
  key: string
  value: Uint8Array
}
export interface StoreChange {
  key: string
  /** null: removed. */
  value: Uint8Array | null
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
}

export interface Vat {
  /**
   * One delivery; resolves when the program answered and nothing it asked for is outstanding. Others wait for it, in order.
   *
   * @throws HoltError PROGRAM_FAILED when the program itself threw: `vat.alive` says whether it lives on (a JavaScript exception: yes, as it
   * left its memory; a trap: no). METER_EXCEEDED, TIME_EXCEEDED, MEMORY_EXCEEDED, LIMIT_REACHED (with `data.limit`), PROGRAM_ENDED: the vat is
   * gone. Whoever wants the state before the delivery opens the last image again. `data.meter` says what was spent.
   */
  deliver(delivery: Delivery): Promise<DeliveryResult>
  /**
   * What changed in memory since the last snapshot (since opening, for the first), between deliveries.
   *
   * @throws HoltError UNSUPPORTED_VERSION when the module cannot be told by a snapshot, PROGRAM_ENDED.
   */
  snapshot(): Promise<VatSnapshot>
  /** Ends it now, whatever it does. Its thread is gone when this resolves. */
  end(): Promise<void>
  readonly alive: boolean
  /** Resolves when it is gone, with why; never rejects. */
  readonly ended: Promise<VatEnd>
}

export interface VatEnd {
  /** 'ENDED' for `end` and `stop`. */
  code: 'ENDED' | 'PROGRAM_FAILED' | 'METER_EXCEEDED' | 'TIME_EXCEEDED' | 'MEMORY_EXCEEDED' | 'LIMIT_REACHED' | 'PROGRAM_ENDED'
  message: string
}

/** Part of a vat's memory. */
export interface MemoryRun {
  at: number
  bytes: Uint8Array
}

/** Changes since the snapshot before. `at` and lengths are multiples of SNAPSHOT_PAGE_BYTES. */
export interface VatSnapshot {
  memoryBytes: number
  /** Globals and what else is not memory, as `encodeVatState` in state.ts has it. */
  state: Uint8Array
  runs: readonly MemoryRun[]
}

/** The whole of a vat between two deliveries. */
export interface VatImage {
  /** All of its linear memory. */
  memory: Uint8Array
  state: Uint8Array
}

/** Of memory, in a snapshot: what changed in any byte is told whole. */
export const SNAPSHOT_PAGE_BYTES = 4096
