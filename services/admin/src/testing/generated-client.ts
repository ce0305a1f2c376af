import assert from 'node:assert/strict'
import type { Agent } from 'node:https'
import type { AxiosResponse, OpenAPIClient } from 'openapi-client-axios'
import { OpenAPIClientAxios } from 'openapi-client-axios'
import { Compile } from 'typebox/schema'

interface Answer {
  content?: Record<string, { schema?: object }>
}
interface Operation {
  operationId: string
  responses: Record<string, Answer>
}
type Definition = NonNullable<ConstructorParameters<typeof OpenAPIClientAxios>[0]>['definition']

export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>
  components: object
}

interface CallOptions {
  params?: Record<string, string | number | boolean>
  body?: unknown
  headers?: Record<string, string>
  /** Ends the connection after the first bytes: some answers go on for ever. */
  firstBytesOnly?: boolean
}

/** Names of operations that were answered with success, over all clients. */
export const answered = new Set<string>()

/**
 * A program of somebody else: a client that a package makes from the document of the API alone. Every answer is held against what
 * the document says of it.
 */
export class GeneratedClient {
  readonly document: ApiDocument
  readonly #client: OpenAPIClient
  readonly #agent: Agent | undefined
  readonly #cookies = new Map<string, string>()
  readonly #operations: ReadonlyMap<string, Operation>
  readonly headers: Record<string, string> = { 'x-holt': '1' }

  private constructor(document: ApiDocument, client: OpenAPIClient, agent: Agent | undefined) {
    this.document = document
    this.#agent = agent
    this.#client = client
    this.#operations = new Map(operationsOf(document).map((operation) => [operation.operationId, operation]))
  }

  /** @param url of the node's page, with its port. `agent`: what trusts it over HTTPS; the document is then had from `documentUrl`. */
  static async at(url: string, { agent, documentUrl = url }: { agent?: Agent; documentUrl?: string } = {}): Promise<GeneratedClient> {
    const document = (await (await fetch(new URL('/api', documentUrl))).json()) as ApiDocument
    // The package knows the types of 3.0 and 3.1; ours is parsed JSON until it has looked at it.
    const definition = structuredClone(document) as unknown as Definition
    const api = new OpenAPIClientAxios({ definition, withServer: { url: url.replace(/\/$/, '') } })
    return new GeneratedClient(document, await api.init(), agent)
  }

  /** Calls an operation by its name. @returns what it answered, after it was held against the document. */
  async call<T = never>(name: string, { params = {}, body, headers = {}, firstBytesOnly = false }: CallOptions = {}): Promise<T> {
    const response = await this.try(name, { params, body, headers, firstBytesOnly })
    assert.ok(response.status < 300, `${name} was answered with ${response.status}: ${textOf(response.data)}`)
    answered.add(name)
    return response.data as T
  }

  /** The same, also when it is refused. */
  async try(name: string, { params = {}, body, headers = {}, firstBytesOnly = false }: CallOptions = {}): Promise<AxiosResponse<unknown>> {
    const operation = this.#operations.get(name)
    const method = this.#client[name] as ((...given: unknown[]) => Promise<AxiosResponse<unknown>>) | undefined
    assert.ok(operation !== undefined && method !== undefined, `the client has no ${name}`)
    const cookie = [...this.#cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    const response = await method(params, body, {
      headers: { ...this.headers, ...headers, ...(cookie === '' ? {} : { cookie }) },
      responseType: firstBytesOnly ? 'stream' : 'arraybuffer',
      validateStatus: () => true,
      httpsAgent: this.#agent,
    })
    if (firstBytesOnly) response.data = await firstBytes(response.data as NodeJS.ReadableStream & { destroy(): void })
    this.#keepCookies(response)
    response.data = this.#checked(operation, response)
    return response
  }

  #keepCookies({ headers }: AxiosResponse<unknown>): void {
    for (const line of (headers['set-cookie'] as string[] | undefined) ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  #checked({ operationId, responses }: Operation, { status, headers, data }: AxiosResponse<unknown>): unknown {
    const told = responses[String(status)] ?? responses[`${String(status)[0]}XX`]
    assert.ok(told, `${operationId}: the document knows no ${status}`)
    const bytes = Buffer.from(data as ArrayBuffer)
    if (bytes.length === 0) return null
    const type = String(headers['content-type']).split(';')[0] as string
    const content = told.content?.[type] ?? told.content?.['*/*']
    assert.ok(content, `${operationId}: the document knows no ${type} with ${status}`)
    if (type !== 'application/json') return bytes
    const value: unknown = JSON.parse(bytes.toString())
    const validator = Compile({ ...content.schema, components: this.document.components })
    if (!validator.Check(value)) assert.fail(`${operationId} answers ${bytes.toString()}: ${JSON.stringify(validator.Errors(value)[1])}`)
    return value
  }
}

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.values(document.paths).flatMap((methods) => Object.values(methods))
}

async function firstBytes(stream: NodeJS.ReadableStream & { destroy(): void }): Promise<Buffer> {
  for await (const bytes of stream) {
    stream.destroy()
    return Buffer.from(bytes as Uint8Array)
  }
  return Buffer.alloc(0)
}

function textOf(data: unknown): string {
  return data instanceof Uint8Array ? Buffer.from(data).toString() : JSON.stringify(data)
}
