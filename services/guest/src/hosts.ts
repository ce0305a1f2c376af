import { Request, type RequestInit, Response } from './http.ts'
import { pack, unpack } from './parcel.ts'
import type { URL } from './url.ts'

/** HTTP requests to the hosts that were granted under one name. */
export interface Hosts {
  /** @throws an Error with `code`: NOT_AUTHORIZED for other hosts, PEER_UNREACHABLE, TIMED_OUT, TOO_LARGE. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
}

export function hostsCalled(power: string): Hosts {
  return {
    async fetch(input, init) {
      const request = new Request(input, init)
      const head = { power, method: request.method, url: request.url, headers: [...request.headers] }
      const answer = unpack(await holt.ask('http.fetch', pack(head, request.peek())))
      const { status, headers } = answer.head as { status: number; headers: [string, string][] }
      return new Response(answer.body, { status, headers })
    },
  }
}
