import { lookup } from 'node:dns/promises'
import { type IncomingMessage, request as startRequest } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import type {
  FailureReason,
  OutboundAnswer,
  OutboundConnection,
  OutboundHttp,
  OutboundRequest,
  OutboundTarget,
  RefusalReason,
} from '../../core/ports/outboundHttp'
import { readBody } from './answerBody'
import { isPublicAddress } from './publicAddress'
import { Wire } from './wire'

export interface OutboundHttpsOptions {
  /** Every address of a name, asked once a call; the system's resolver when left out. */
  readonly lookup?: (host: string) => Promise<readonly string[]>
  /** Opens a connection to one of the checked addresses; over TCP when left out. */
  readonly dial?: (addresses: readonly string[], port: number) => Socket
  /** Certificates to trust in place of the system's, in PEM. */
  readonly ca?: string
  /** Origins on this machine that may be called although they are: the providers of a practice world, exactly. */
  readonly localOrigins?: () => readonly string[]
}

class Refused extends Error {
  readonly why: RefusalReason

  constructor(why: RefusalReason) {
    super(why)
    this.why = why
  }
}

const maxHeaderBytes = 64 * 1024

async function systemLookup(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

/** Tries the checked addresses as Node does for a name of several ones (RFC 8305); nothing is resolved again. */
function systemDial(addresses: readonly string[], port: number): Socket {
  const known = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  const [first] = known
  if (first === undefined) throw new Refused('unknown_host')
  return connectTcp({
    host: 'checked.invalid',
    port,
    autoSelectFamily: known.length > 1,
    lookup: (_host, { all }, give) => (all ? give(null, known) : give(null, first.address, first.family)),
  })
}

/** Calls over Node's own client: no redirects, no cookies, no proxy, no connection used twice. */
export function createOutboundHttps(options: OutboundHttpsOptions = {}): OutboundHttp {
  const { lookup: resolve = systemLookup, dial = systemDial, ca, localOrigins = () => [] } = options
  /** Made once: reading the authorities takes longer than a handshake. */
  let context: SecureContext | null = null
  const secureContext = () => {
    context ??= createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) })
    return context
  }

  const addressesOf = async (target: OutboundTarget): Promise<readonly string[]> => {
    if (localOrigins().includes(`${target.scheme}://${target.host}:${target.port}`)) return [target.host]
    if (target.scheme !== 'https') throw new Refused('inside')
    let addresses: readonly string[]
    try {
      addresses = await resolve(target.host)
    } catch {
      throw new Refused('unknown_host')
    }
    if (addresses.length === 0) throw new Refused('unknown_host')
    if (!addresses.every(isPublicAddress)) throw new Refused('inside')
    return addresses
  }

  const open = async (target: OutboundTarget, ended: AbortSignal): Promise<Duplex> => {
    const addresses = await untilAborted(addressesOf(target), ended)
    if (target.scheme === 'http') return opened(connectTcp({ host: target.host, port: target.port }), 'connect', ended)
    const socket = await opened(dial(addresses, target.port), 'connect', ended)
    const secured = connectTls({
      socket,
      servername: target.host,
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      secureContext: secureContext(),
    })
    return opened(secured, 'secureConnect', ended)
  }

  return {
    async connect(target, { signal, deadline }) {
      const ended = AbortSignal.any([signal, AbortSignal.timeout(deadline)])
      try {
        return { ok: true, connection: connectionOver(await open(target, ended), target, signal, ended) }
      } catch (error) {
        signal.throwIfAborted()
        if (ended.aborted) return { ok: false, why: 'timeout' }
        if (error instanceof Refused) return { ok: false, why: error.why }
        throw error
      }
    },
  }
}

function untilAborted<T>(work: Promise<T>, ended: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(ended.reason)
    if (ended.aborted) abort()
    ended.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => ended.removeEventListener('abort', abort))
  })
}

/** A socket once it is connected (and, for TLS, verified). */
function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', ended: AbortSignal): Promise<S> {
  const failed: RefusalReason = event === 'connect' ? 'unreachable' : 'certificate'
  return new Promise<S>((resolve, reject) => {
    const clear = () => {
      ended.removeEventListener('abort', abort)
      socket.removeListener('error', fail).removeListener('close', fail).removeListener(event, ready)
    }
    const give = (error: unknown) => {
      clear()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const abort = () => give(ended.reason)
    const fail = () => give(new Refused(failed))
    const ready = () => {
      clear()
      resolve(socket)
    }
    socket.once('error', fail).once('close', fail).once(event, ready)
    ended.addEventListener('abort', abort, { once: true })
    if (ended.aborted) abort()
  })
}

function connectionOver(socket: Duplex, target: OutboundTarget, signal: AbortSignal, ended: AbortSignal): OutboundConnection {
  socket.on('error', () => undefined)
  const usualPort = target.scheme === 'https' ? 443 : 80
  const host = target.port === usualPort ? target.host : `${target.host}:${target.port}`
  return {
    async send(request) {
      const wire = new Wire(socket, request.slots)
      const cut = () => wire.destroy(new Error('cut off'))
      ended.addEventListener('abort', cut, { once: true })
      try {
        ended.throwIfAborted()
        return { ok: true, answer: await exchange(wire, host, request) }
      } catch (error) {
        signal.throwIfAborted()
        return { ok: false, why: ended.aborted ? 'timeout' : failureOf(error) }
      } finally {
        ended.removeEventListener('abort', cut)
        wire.destroy()
      }
    },
    close: () => void socket.destroy(),
  }
}

function failureOf(error: unknown): FailureReason {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  return code.startsWith('HPE_') || code.startsWith('Z_') || code.startsWith('ERR_') || code === 'NO_HTTP'
    ? 'no_http'
    : 'connection'
}

async function exchange(wire: Wire, host: string, request: OutboundRequest): Promise<OutboundAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = startRequest({
      createConnection: () => wire,
      method: request.method,
      path: request.path,
      setHost: false,
      maxHeaderSize: maxHeaderBytes,
      headers: [
        ...['Host', host, 'Connection', 'close', 'Accept-Encoding', 'identity'],
        ...(request.body === null ? [] : ['Content-Length', String(request.body.length)]),
        ...request.headers.flat(),
      ],
    })
    call.on('response', resolve).on('error', reject)
    call.on('upgrade', () => reject(Object.assign(new Error('upgraded'), { code: 'NO_HTTP' })))
    call.end(request.body ?? undefined)
  })
  const headers: [string, string][] = []
  for (let n = 0; n + 1 < response.rawHeaders.length; n += 2) {
    headers.push([response.rawHeaders[n] ?? '', response.rawHeaders[n + 1] ?? ''])
  }
  const { body, truncated } = await readBody(response, response.headers['content-encoding'], request.maxBytes)
  return { status: response.statusCode ?? 0, headers, body, truncated }
}
