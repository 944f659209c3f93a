/**
 * The one wire format of the runtime: what structured clone can carry, as JSON text. It is used between main and preload (IPC) and
 * between preload and page (contextBridge), where functions and promises travel as tokens.
 *
 * The text is a table of nodes; node 0 is the root. Primitives stand for themselves, everything else is `[tag, ...]` whose members
 * are indexes into the table, so that shared and cyclic references survive.
 */

/** Turns a function, promise or symbol into a JSON-able token, or returns `undefined` when it cannot travel. */
export type ToToken = (value: unknown) => unknown

/** Turns a token back into the value that stands for it on this side. */
export type FromToken = (token: unknown) => unknown

export interface Codec {
  /**
   * Encodes a value.
   *
   * @throws Error 'An object could not be cloned.' for functions, symbols, DOM nodes and the like that `toToken` does not take, and for
   * values nested deeper than 1000 levels
   */
  encode(value: unknown, toToken?: ToToken): string
  decode(text: string, fromToken?: FromToken): unknown
}

/**
 * Makes a codec. The function is self-contained because its source text is also injected into the page and the preload world; it
 * captures every intrinsic it needs when it runs, so that prototypes the page changes later make no difference to it.
 */
export function createCodec(): Codec {
  const uncurry = Function.prototype.bind.bind(Function.prototype.call) as <This, Args extends unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
  ) => (self: This, ...args: Args) => Result
  const { create, defineProperty, is, keys } = Object
  const { parse, stringify } = JSON
  const toTag = uncurry(Object.prototype.toString)
  const slice = uncurry(String.prototype.slice)
  const charCodeAt = uncurry(String.prototype.charCodeAt)
  const bigIntText = uncurry(BigInt.prototype.toString)
  const getTime = uncurry(Date.prototype.getTime)
  const mapForEach = uncurry(Map.prototype.forEach)
  const setForEach = uncurry(Set.prototype.forEach)
  const mapSet = uncurry(Map.prototype.set)
  const mapGet = uncurry(Map.prototype.get)
  const setAdd = uncurry(Set.prototype.add)
  const typedPrototype = Object.getPrototypeOf(Uint8Array.prototype)
  const getter = (prototype: object, name: PropertyKey) => {
    const { get } = Object.getOwnPropertyDescriptor(prototype, name) as { get: (this: unknown) => unknown }
    return uncurry(get)
  }
  const typedName = getter(typedPrototype, Symbol.toStringTag)
  const viewBuffer = getter(typedPrototype, 'buffer')
  const viewOffset = getter(typedPrototype, 'byteOffset')
  const viewLength = getter(typedPrototype, 'length')
  const dataViewBuffer = getter(DataView.prototype, 'buffer')
  const dataViewOffset = getter(DataView.prototype, 'byteOffset')
  const dataViewLength = getter(DataView.prototype, 'byteLength')
  const {
    Array: NewArray,
    BigInt: toBigInt,
    Date: NewDate,
    Error: NewError,
    Map: NewMap,
    Number: toNumber,
    RegExp: NewRegExp,
  } = globalThis
  const {
    DataView: NewDataView,
    Set: NewSet,
    String: toText,
    Uint8Array: NewBytes,
    atob: fromBase64,
    btoa: toBase64,
  } = globalThis
  const isArray = NewArray.isArray
  const isView = ArrayBuffer.isView
  const fromCharCode = toText.fromCharCode
  const applyFunction = Reflect.apply
  const errors = {
    __proto__: null,
    Error: NewError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  } as unknown as Record<string, ErrorConstructor | undefined>
  const views = {
    __proto__: null,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  } as unknown as Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => object>
  const deepest = 1000

  const refuse = (): never => {
    throw new NewError('An object could not be cloned.')
  }

  /** Defines an own property, never running a setter that stands on a prototype. */
  const put = (target: object, key: PropertyKey, value: unknown, enumerable = true) => {
    const descriptor = create(null) as PropertyDescriptor
    descriptor.value = value
    descriptor.writable = descriptor.configurable = true
    descriptor.enumerable = enumerable
    defineProperty(target, key, descriptor)
  }
  const append = (list: unknown[], item: unknown) => put(list, list.length, item)

  const bytesToText = (buffer: ArrayBufferLike) => {
    const bytes = new NewBytes(buffer)
    let binary = ''
    for (let at = 0; at < bytes.length; at += 8192) {
      binary += applyFunction(fromCharCode, toText, new NewBytes(buffer, at, at + 8192 > bytes.length ? bytes.length - at : 8192))
    }
    return toBase64(binary)
  }
  const textToBytes = (text: string) => {
    const binary = fromBase64(text)
    const bytes = new NewBytes(binary.length)
    for (let at = 0; at < binary.length; at += 1) bytes[at] = charCodeAt(binary, at)
    return bytes.buffer
  }

  const encode = (root: unknown, toToken?: ToToken): string => {
    const nodes: unknown[] = []
    const seen = new NewMap<unknown, number>()

    const place = (node: unknown): number => {
      append(nodes, node)
      return nodes.length - 1
    }
    const placeToken = (value: unknown): number => {
      const token = toToken?.(value)
      return token === undefined ? refuse() : place(['x', token])
    }
    const write = (value: unknown, depth: number): number => {
      if (depth > deepest) refuse()
      if (value === null || typeof value === 'string' || typeof value === 'boolean') return place(value)
      if (value === undefined) return place(['u'])
      if (typeof value === 'number') {
        const travelsAsJson = value - value === 0 && !is(value, -0)
        return place(travelsAsJson ? value : ['n', is(value, -0) ? '-0' : toText(value)])
      }
      if (typeof value === 'bigint') return place(['b', bigIntText(value)])
      if (typeof value === 'function' || typeof value === 'symbol') return placeToken(value)
      const known = mapGet(seen, value) as number | undefined
      return known ?? writeObject(value as object, depth)
    }

    const writeObject = (value: object, depth: number): number => {
      const tag = slice(toTag(value), 8, -1)
      if (tag === 'Promise') return placeToken(value)
      const node: unknown[] = []
      const at = place(node)
      mapSet(seen, value, at)
      const child = (member: unknown) => append(node, write(member, depth + 1))
      if (isArray(value)) {
        append(node, 'a')
        for (let index = 0; index < value.length; index += 1) child(value[index])
      } else if (value instanceof NewError || tag === 'Error') {
        const { name, message, stack } = value as Error
        append(node, 'e')
        append(node, toText(name))
        append(node, toText(message))
        append(node, typeof stack === 'string' ? stack : null)
      } else if (tag === 'Date') {
        append(node, 'd')
        append(node, getTime(value as Date))
      } else if (tag === 'RegExp') {
        append(node, 'r')
        append(node, toText((value as RegExp).source))
        append(node, toText((value as RegExp).flags))
      } else if (tag === 'Map') {
        append(node, 'm')
        mapForEach(value as Map<unknown, unknown>, (member, key) => {
          child(key)
          child(member)
        })
      } else if (tag === 'Set') {
        append(node, 's')
        setForEach(value as Set<unknown>, child)
      } else if (tag === 'ArrayBuffer') {
        append(node, 'B')
        append(node, bytesToText(value as ArrayBuffer))
      } else if (isView(value)) {
        const name = typedName(value)
        append(node, 't')
        append(node, name ?? 'DataView')
        child(name ? viewBuffer(value) : dataViewBuffer(value))
        append(node, name ? viewOffset(value) : dataViewOffset(value))
        append(node, name ? viewLength(value) : dataViewLength(value))
      } else if (tag === 'Object') {
        append(node, 'o')
        const names = keys(value)
        for (let index = 0; index < names.length; index += 1) {
          const name = names[index] as string
          append(node, name)
          child((value as Record<string, unknown>)[name])
        }
      } else refuse()
      return at
    }

    write(root, 0)
    return stringify(nodes)
  }

  const decode = (text: string, fromToken?: FromToken): unknown => {
    const nodes = parse(text) as unknown[]
    const done = new NewMap<number, unknown>()

    const keep = <Value>(at: number, value: Value): Value => {
      mapSet(done, at, value)
      return value
    }
    const read = (at: number): unknown => {
      const node = nodes[at]
      if (!isArray(node)) return node
      return mapGet(done, at) ?? readNode(at, node)
    }
    const readNode = (at: number, node: unknown[]): unknown => {
      const member = (index: number) => read(node[index] as number)
      switch (node[0]) {
        case 'u':
          return undefined
        case 'n':
          return toNumber(node[1])
        case 'b':
          return toBigInt(node[1] as string)
        case 'd':
          return keep(at, new NewDate((node[1] as number | null) ?? Number.NaN))
        case 'r':
          return keep(at, new NewRegExp(node[1] as string, node[2] as string))
        case 'B':
          return keep(at, textToBytes(node[1] as string))
        case 'x':
          return keep(at, fromToken?.(node[1]))
        case 'a': {
          const list = keep(at, [] as unknown[])
          for (let index = 1; index < node.length; index += 1) append(list, member(index))
          return list
        }
        case 's': {
          const set = keep(at, new NewSet())
          for (let index = 1; index < node.length; index += 1) setAdd(set, member(index))
          return set
        }
        case 'm': {
          const map = keep(at, new NewMap())
          for (let index = 1; index < node.length; index += 2) mapSet(map, member(index), member(index + 1))
          return map
        }
        case 'o': {
          const object = keep(at, {})
          for (let index = 1; index < node.length; index += 2) put(object, node[index] as string, member(index + 1))
          return object
        }
        case 'e': {
          const error = keep(at, new (errors[node[1] as string] ?? NewError)(node[2] as string))
          if (error.name !== node[1]) put(error, 'name', node[1], false)
          if (node[3] !== null) put(error, 'stack', node[3], false)
          return error
        }
        case 't': {
          const buffer = member(2) as ArrayBuffer
          const View = node[1] === 'DataView' ? NewDataView : (views[node[1] as string] ?? NewBytes)
          return keep(at, new View(buffer, node[3] as number, node[4] as number))
        }
        default:
          throw new NewError('Unknown node in a message')
      }
    }
    return read(0)
  }

  return { encode, decode }
}
