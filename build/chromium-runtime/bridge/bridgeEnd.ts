import type { Codec } from './codec.ts'

/** What one world asks of the other. Values inside are carried by the codec; functions and promises as ids. */
export type BridgeMessage =
  | { kind: 'call'; id: number; args: unknown[] }
  | { kind: 'settle'; id: number; ok: boolean; value: unknown }
  | { kind: 'expose'; key: string; value: unknown }

export interface BridgeEnd {
  /** Asks the other world and returns its answer; throws an Error with the other world's message when it threw. */
  send(message: BridgeMessage): unknown
}

export interface BridgeSetup {
  codec: Codec
  /** Which of the two ends this is. */
  side: 'page' | 'preload'
  /** The random name both ends of one window share. Whoever knows it can speak to both, so it never leaves these closures. */
  channel: string
  /** What the page's end does with an api that preload exposes. */
  onExpose?: (key: string, value: unknown) => void
}

/**
 * Makes one end of the bridge between the page's world and the preload world of a document. Both worlds share the DOM and nothing
 * else: a message is a synchronous CustomEvent on `document` whose detail is text, and the answer is another one dispatched inside it.
 *
 * Self-contained: its source text is injected into both worlds, before any script of the page.
 */
export function createBridgeEnd({ codec, side, channel, onExpose }: BridgeSetup): BridgeEnd {
  type Call = (...args: unknown[]) => unknown
  const uncurry = Function.prototype.bind.bind(Function.prototype.call) as <This, Args extends unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
  ) => (self: This, ...args: Args) => Result
  const {
    Error: NewError,
    Promise: NewPromise,
    CustomEvent: NewEvent,
    document: shared,
    WeakMap: NewWeakMap,
    Number: toNumber,
  } = globalThis
  const slice = uncurry(String.prototype.slice)
  const { create, getOwnPropertyDescriptor } = Object
  const applyFunction = Reflect.apply
  const dispatch = uncurry(EventTarget.prototype.dispatchEvent)
  const listen = uncurry(EventTarget.prototype.addEventListener)
  const readDetail = uncurry(
    (getOwnPropertyDescriptor(CustomEvent.prototype, 'detail') as { get: (this: CustomEvent) => unknown }).get,
  )
  const then = uncurry(Promise.prototype.then<unknown, unknown>)
  const weakGet = uncurry(WeakMap.prototype.get)
  const weakSet = uncurry(WeakMap.prototype.set)
  const toTag = uncurry(Object.prototype.toString)
  const [outgoing, incoming] = side === 'page' ? [`${channel}:up`, `${channel}:down`] : [`${channel}:down`, `${channel}:up`]
  const unknownError =
    'An unknown exception occurred in the isolated context, an error occurred but a valid exception was not thrown.'

  const dictionary = <Value>() => create(null) as Record<number, Value | undefined>
  const ownFunctions = dictionary<Call>()
  const proxies = dictionary<Call>()
  const waiting = dictionary<{ resolve: (value: unknown) => void; reject: (reason: unknown) => void }>()
  const idOfOwn = new NewWeakMap<object, number>()
  const idOfProxy = new NewWeakMap<object, number>()
  let lastId = 0
  let answer = ''

  const nextId = () => {
    lastId += 1
    return lastId
  }

  const fire = (name: string, detail: string) => {
    const init = create(null) as CustomEventInit
    init.detail = detail
    dispatch(shared, new NewEvent(name, init))
  }

  /**
   * The token is a letter and an id: f, a function of this side; h, one of the other side that goes home; p, a promise that will be
   * settled. A symbol is left out: n.
   */
  const toToken = (value: unknown): string | undefined => {
    if (typeof value === 'symbol') return 'n'
    if (typeof value === 'function') {
      const home = weakGet(idOfProxy, value) as number | undefined
      if (home !== undefined) return `h${home}`
      let id = weakGet(idOfOwn, value) as number | undefined
      if (id === undefined) {
        id = nextId()
        weakSet(idOfOwn, value, id)
        ownFunctions[id] = value as Call
      }
      return `f${id}`
    }
    if (toTag(value) !== '[object Promise]') return undefined
    const id = nextId()
    then(
      value as Promise<unknown>,
      (result) => settle(id, true, result),
      (reason) => settle(id, false, reason),
    )
    return `p${id}`
  }

  const settle = (id: number, ok: boolean, value: unknown) => {
    try {
      send({ kind: 'settle', id, ok, value })
    } catch (error) {
      send({ kind: 'settle', id, ok: false, value: error })
    }
  }

  const fromToken = (token: string): unknown => {
    const id = toNumber(slice(token, 1))
    switch (token[0]) {
      case 'h':
        return ownFunctions[id]
      case 'f':
        return proxies[id] ?? makeProxy(id)
      case 'p':
        return new NewPromise((resolve, reject) => {
          waiting[id] = { resolve, reject }
        })
      default:
        return undefined
    }
  }

  const makeProxy = (id: number): Call => {
    const proxy = (...args: unknown[]) => send({ kind: 'call', id, args })
    proxies[id] = proxy
    weakSet(idOfProxy, proxy, id)
    return proxy
  }

  const send = (message: BridgeMessage): unknown => {
    const text = codec.encode(message, toToken)
    answer = ''
    fire(outgoing, text)
    if (answer === '') throw new NewError('The other world of this page does not answer.')
    const reply = codec.decode(answer, fromToken) as { ok: boolean; value: unknown }
    if (!reply.ok) throw new NewError(reply.value as string)
    return reply.value
  }

  const handle = (message: BridgeMessage): unknown => {
    if (message.kind === 'expose') return onExpose?.(message.key, message.value)
    if (message.kind === 'settle') {
      const promise = waiting[message.id]
      delete waiting[message.id]
      if (message.ok) promise?.resolve(message.value)
      else promise?.reject(message.value)
      return undefined
    }
    const target = ownFunctions[message.id]
    if (!target) throw new NewError('The function does not exist any more.')
    return applyFunction(target, undefined, message.args)
  }

  const reply = (ok: boolean, value: unknown) => fire(`${incoming}:answer`, codec.encode({ ok, value }, toToken))

  listen(shared, `${outgoing}:answer`, (event) => {
    answer = readDetail(event as CustomEvent) as string
  })
  listen(shared, incoming, (event) => {
    try {
      reply(true, handle(codec.decode(readDetail(event as CustomEvent) as string, fromToken) as BridgeMessage))
    } catch (error) {
      const message = (error as { message?: unknown } | null | undefined)?.message
      reply(false, typeof message === 'string' ? message : unknownError)
    }
  })

  return { send }
}
