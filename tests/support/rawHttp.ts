import { once } from 'node:events'
import { connect } from 'node:net'

/** The first response that a connection gave, and all of its bytes. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  readonly head: string
  readonly body: string
  /** Statuses of all responses on the connection, in order. */
  readonly statuses: readonly number[]
}

/** Sends bytes as they are and reads until the server closes; so a request should ask for that (`Connection: close`) or be refused. */
export async function sendRaw(port: number, ...chunks: (string | Uint8Array)[]): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1' })
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk))
  // A refused request is answered and the connection reset while we may still be writing.
  socket.on('error', () => {})
  await once(socket, 'connect')
  for (const chunk of chunks) socket.write(chunk)
  await once(socket, 'close')
  return parse(Buffer.concat(received).toString('latin1'))
}

function parse(text: string): RawAnswer {
  const statuses = [...text.matchAll(/(?:^|\r\n|[}\]])HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]))
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  return { status: statuses[0] ?? 0, head, body: end < 0 ? '' : text.slice(end + 4), statuses }
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  /** In the order given; a name may occur more than once. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
  /** Leaves the connection open for the next request of a pipeline. */
  readonly keepAlive?: boolean
}

/** A request as text, with `Connection: close` unless kept alive; nothing is added beyond Content-Length for a body that names none. */
export function rawRequest({ method = 'POST', path = '/', headers, body = '', keepAlive = false }: RawRequest): string {
  const framed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(framed || body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    ...(keepAlive ? [] : ['Connection: close']),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Sends requests one after the other over one connection without waiting. @returns their answers in order */
export async function pipeline(
  port: number,
  requests: readonly { readonly request: string; readonly bodyless: boolean }[],
): Promise<{ status: number; head: string }[]> {
  const socket = connect({ port, host: '127.0.0.1' })
  const answers: { status: number; head: string }[] = []
  let rest = ''
  const take = (): boolean => {
    const end = rest.indexOf('\r\n\r\n')
    const next = requests[answers.length]
    if (end < 0 || next === undefined) return false
    const head = rest.slice(0, end)
    const length = next.bodyless ? 0 : Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (rest.length < end + 4 + length) return false
    answers.push({ status: Number(head.slice(9, 12)), head })
    rest = rest.slice(end + 4 + length)
    return true
  }
  socket.setEncoding('latin1').on('data', (text: string) => {
    rest += text
    while (take());
    if (answers.length === requests.length) socket.end()
  })
  socket.write(requests.map(({ request }) => request).join(''))
  await once(socket, 'close')
  return answers
}
