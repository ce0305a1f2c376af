import type { Socket } from 'node:net'

const ANSWER_LIMIT_MS = 60_000

interface Message {
  id?: number
  return?: unknown
  error?: { class: string; desc: string }
  event?: string
  data?: Record<string, unknown>
}

/** QEMU's own control connection (QMP): commands with answers, and events. */
export class Qmp {
  readonly #socket: Socket
  readonly #calls = new Map<number, (message: Message) => void>()
  #nextId = 1
  #unread = ''
  /** Names of the events that have come, oldest first. */
  readonly events: string[] = []

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (bytes: Buffer) => this.#take(bytes.toString()))
    socket.on('error', () => {}) // followed by close
    socket.on('close', () => {
      for (const settle of this.#calls.values()) settle({ error: { class: 'Closed', desc: 'QEMU ended' } })
    })
  }

  /** @throws with QEMU's words when it refuses, or gives no answer in time. */
  async execute(command: string, args: Record<string, unknown> = {}, { limitMs = ANSWER_LIMIT_MS } = {}): Promise<unknown> {
    const id = this.#nextId++
    const message = await new Promise<Message>((resolve) => {
      const timer = setTimeout(() => resolve({ error: { class: 'Timeout', desc: `no answer within ${limitMs} ms` } }), limitMs)
      this.#calls.set(id, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`)
    })
    this.#calls.delete(id)
    if (message.error !== undefined) throw new Error(`QEMU refused ${command}: ${message.error.desc}`)
    return message.return
  }

  /** A command of the human monitor, for what QMP has no command for. @returns what it prints. */
  async monitor(commandLine: string): Promise<string> {
    return String(await this.execute('human-monitor-command', { 'command-line': commandLine }))
  }

  #take(text: string): void {
    this.#unread += text
    const lines = this.#unread.split('\n')
    this.#unread = lines.pop() as string
    for (const line of lines) {
      if (line.trim() === '') continue
      const message = JSON.parse(line) as Message
      if (message.event !== undefined) this.events.push(message.event)
      else if (message.id !== undefined) this.#calls.get(message.id)?.(message)
    }
  }
}
