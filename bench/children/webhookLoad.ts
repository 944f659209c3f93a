// A provider that delivers signed events over bare sockets: at a fixed rate whatever the answers do, or as fast as they come back.
import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { answerParent, childArgs } from '../support/child'
import { spreadOf } from '../support/stats'

export interface LoadArgs {
  /** The webhook URL of an integration. */
  readonly url: string
  readonly secret: string
  /** Ids of provider invoices that the events speak of, in turn. */
  readonly objects: readonly string[]
  /** Makes the ids of the events of this run its own. */
  readonly run: string
  readonly milliseconds: number
  /** Deliveries a second that start on time whatever became of earlier ones; null for as many as the connections carry. */
  readonly perSecond: number | null
  readonly connections: number
}
export interface LoadAnswer {
  readonly acknowledged: number
  readonly refused: number
  /** Milliseconds from when a delivery was due to its answer. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly wallMs: number
}

const args = childArgs<LoadArgs>()
const { hostname, port, pathname } = new URL(args.url)
/** Makes a delivery about as long as a real one (3 KB). */
const filler = Array.from({ length: 24 }, (_, n) => ({
  id: `il_${n}`,
  object: 'line_item',
  amount: n * 100,
  description: 'A line as invoices have them, with its words',
}))
const tail = JSON.stringify({ lines: { object: 'list', data: filler } }).slice(1)

let sent = 0
function nextDelivery(): string {
  const n = sent++
  const created = Math.floor(Date.now() / 1000)
  const object = `{"id":"${args.objects[n % args.objects.length]}","object":"invoice",${tail}`
  const body = `{"id":"evt_${args.run}${n}","object":"event","type":"invoice.updated","created":${created},"livemode":false,"api_version":null,"pending_webhooks":1,"request":null,"data":{"object":${object}}}`
  const signature = createHmac('sha256', args.secret).update(`${created}.${body}`).digest('hex')
  return (
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n` +
    `stripe-signature: t=${created},v1=${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  )
}

const waits: number[] = []
let acknowledged = 0
let refused = 0
let inFlight = 0
let lastAnswer = 0

/** One kept connection with at most one delivery under way. */
class Line {
  #socket: Socket | null = null
  #waiting: { readonly due: number; readonly bytes: string; isSecondTry: boolean } | null = null
  #received = ''
  readonly #free: (line: Line) => void

  constructor(free: (line: Line) => void) {
    this.#free = free
  }

  deliver(due: number): void {
    inFlight += 1
    this.#waiting = { due, bytes: nextDelivery(), isSecondTry: false }
    this.#write(this.#waiting.bytes)
  }

  end(): void {
    this.#socket?.destroy()
  }

  #write(bytes: string): void {
    this.#socket ??= this.#open()
    this.#socket.write(bytes)
  }

  #open(): Socket {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.#onData(text))
    socket.on('error', () => {})
    socket.on('close', () => this.#onClose(socket))
    return socket
  }

  #onData(text: string): void {
    this.#received += text
    const headEnd = this.#received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.#received.slice(0, headEnd).toLowerCase()
    const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0)
    if (this.#received.length < headEnd + 4 + length) return
    this.#received = ''
    if (head.includes('connection: close')) this.#drop()
    this.#answered(Number(head.slice(9, 12)))
  }

  /** A kept connection may be closed by the other side at any time; as any client does, the delivery is tried again on a new one. */
  #onClose(socket: Socket): void {
    if (socket !== this.#socket) return
    this.#drop()
    const waiting = this.#waiting
    if (waiting?.isSecondTry) this.#answered(0)
    else if (waiting) {
      waiting.isSecondTry = true
      this.#write(waiting.bytes)
    }
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#received = ''
    socket?.destroy()
  }

  #answered(status: number): void {
    lastAnswer = performance.now()
    waits.push(lastAnswer - (this.#waiting?.due ?? lastAnswer))
    this.#waiting = null
    inFlight -= 1
    if (status === 200) acknowledged += 1
    else refused += 1
    this.#free(this)
  }
}

const start = performance.now()
const end = start + args.milliseconds
const idle: Line[] = []
const all: Line[] = []

function newLine(free: (line: Line) => void): Line {
  const line = new Line(free)
  all.push(line)
  return line
}

if (args.perSecond === null) {
  const again = (line: Line) => {
    if (performance.now() < end) line.deliver(performance.now())
  }
  for (let n = 0; n < args.connections; n++) again(newLine(again))
  while (performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
} else {
  const total = Math.floor((args.milliseconds / 1000) * args.perSecond)
  const free = (line: Line) => void idle.push(line)
  for (let n = 0; n < args.connections; n++) free(newLine(free))
  for (let n = 0; n < total; ) {
    const due = start + (n * 1000) / args.perSecond
    if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1))
    else {
      const line = idle.pop() ?? newLine(free)
      line.deliver(due)
      n += 1
    }
  }
}
while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5))
for (const line of all) line.end()
const { p50, p99, max } = spreadOf(waits)
answerParent({ acknowledged, refused, p50, p99, max, wallMs: lastAnswer - start } satisfies LoadAnswer)
