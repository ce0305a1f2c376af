import type { Socket } from 'node:net'
import { HoltError } from '@holt/core/errors.ts'

/** The first line of a connection: what it is one of the two of, and what is mounted. */
export interface Greeting {
  v: 1
  /** The same for both. */
  id: string
  role: 'requests' | 'answers'
  path: string
  readOnly: boolean
  at?: number | string
  uid: number
  gid: number
}

const MAX_LINE_BYTES = 256 << 10
const LIMIT_MS = 10_000

/** The socket is paused when it resolves, at the first byte after the line. @throws HoltError MALFORMED, TIMED_OUT. */
export function readGreeting(socket: Socket): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    let line: Buffer = Buffer.alloc(0)
    const timer = setTimeout(() => fail(new HoltError('TIMED_OUT', 'no greeting came')), LIMIT_MS)
    const end = (): void => {
      clearTimeout(timer)
      socket.off('data', take)
      socket.off('close', gone)
    }
    const fail = (error: HoltError): void => {
      end()
      reject(error)
    }
    const gone = (): void => fail(new HoltError('MALFORMED', 'it was closed before it said what it is'))
    const take = (bytes: Buffer): void => {
      line = Buffer.concat([line, bytes])
      const at = line.indexOf(10)
      if (at < 0 && line.length > MAX_LINE_BYTES) return fail(new HoltError('MALFORMED', 'its first line does not end'))
      if (at < 0) return
      end()
      socket.pause()
      const rest = line.subarray(at + 1)
      if (rest.length > 0) socket.unshift(rest)
      try {
        resolve(checkGreeting(JSON.parse(line.subarray(0, at).toString('utf8'))))
      } catch (error) {
        reject(error as Error)
      }
    }
    socket.on('data', take)
    socket.once('close', gone)
  })
}

function checkGreeting(value: unknown): Greeting {
  const greeting = value as Partial<Greeting> | null
  const isNumber = (number: unknown): boolean => Number.isSafeInteger(number) && (number as number) >= 0
  const fits =
    greeting?.v === 1 &&
    typeof greeting.id === 'string' &&
    (greeting.role === 'requests' || greeting.role === 'answers') &&
    typeof greeting.path === 'string' &&
    typeof greeting.readOnly === 'boolean' &&
    (greeting.at === undefined || typeof greeting.at === 'string' || isNumber(greeting.at)) &&
    isNumber(greeting.uid) &&
    isNumber(greeting.gid)
  if (!fits) throw new HoltError('MALFORMED', 'the first line is no greeting')
  return greeting as Greeting
}
