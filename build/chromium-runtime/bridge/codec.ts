/**
 * The one wire format of the runtime: what structured clone can carry, as JSON text. It is used between main and preload (IPC) and
 * between preload and page (contextBridge), where functions and promises travel as tokens.
 *
 * Plain data is written as itself. Everything else is an object with the key `$`, which names what it is; an object that has such a key
 * of its own is written as a list of its entries. Objects are numbered in the order in which they begin, so that a second reference to
 * one, or a cycle, is written as its number.
 */

/** Turns a function, promise or symbol into a token, or returns `undefined` when it cannot travel. */
export type ToToken = (value: unknown) => string | undefined

/** Turns a token back into the value that stands for it on this side. */
export type FromToken = (token: string) => unknown

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

/** A node of the parsed text that is not plain data. */
interface Marked {
  $: string
  /** What it holds. */
  v: unknown
  /** Flags of a regular expression; name of an error or of a view's class. */
  n: string
  /** Message of an error. */
  m: string
  /** Stack of an error. */
  s: string | null
  /** Offset and length of a view. */
  o: number
  l: number
}

/**
 * Makes a codec. The function is self-contained because its source text is also injected into the page and the preload world; it
 * captures every intrinsic it needs when it runs, so that prototypes the page changes later make no difference to it.
 */
export function createCodec(): Codec {
  const uncurry = Function.prototype.bind.bind(Function.prototype.call) as <This, Args extends unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
  ) => (self: This, ...args: Args) => Result
  const { create, defineProperty, hasOwn, is, keys } = Object
  const { parse, stringify } = JSON
  const toTag = uncurry(Object.prototype.toString)
  const slice = uncurry(String.prototype.slice)
  const charCodeAt = uncurry(String.prototype.charCodeAt)
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
    let out = ''
    let begun = 0
    const numbers = new NewMap<unknown, number>()

    const writeToken = (value: unknown) => {
      const token = toToken?.(value)
      out += token === undefined ? refuse() : `{"$":"x","v":${stringify(token)}}`
    }
    const write = (value: unknown, depth: number): void => {
      if (typeof value === 'string') out += stringify(value)
      else if (value === null || typeof value === 'boolean') out += value
      else if (typeof value === 'number') {
        const travelsAsJson = value - value === 0 && !is(value, -0)
        out += travelsAsJson ? value : `{"$":"n","v":"${is(value, -0) ? '-0' : value}"}`
      } else if (value === undefined) out += '{"$":"u"}'
      else if (typeof value === 'bigint') out += `{"$":"b","v":"${value}"}`
      else if (typeof value === 'object') writeObject(value, depth)
      else writeToken(value)
    }

    const writeObject = (value: object, depth: number): void => {
      if (depth >= deepest) refuse()
      const tag = slice(toTag(value), 8, -1)
      if (tag === 'Promise') {
        writeToken(value)
        return
      }
      const known = mapGet(numbers, value) as number | undefined
      if (known !== undefined) {
        out += `{"$":"#","v":${known}}`
        return
      }
      mapSet(numbers, value, begun)
      begun += 1
      if (isArray(value)) writeList(value, depth)
      else if (tag === 'Object') writeRecord(value as Record<string, unknown>, depth)
      else writeSpecial(value, tag, depth)
    }

    const writeList = (list: unknown[], depth: number) => {
      out += '['
      for (let index = 0; index < list.length; index += 1) {
        if (index > 0) out += ','
        write(list[index], depth + 1)
      }
      out += ']'
    }

    const writeRecord = (record: Record<string, unknown>, depth: number) => {
      const names = keys(record)
      const isPlain = !hasOwn(record, '$')
      out += isPlain ? '{' : '{"$":"o","v":['
      for (let index = 0; index < names.length; index += 1) {
        const name = names[index] as string
        if (index > 0) out += ','
        out += stringify(name) + (isPlain ? ':' : ',')
        write(record[name], depth + 1)
      }
      out += isPlain ? '}' : ']}'
    }

    const writeSpecial = (value: object, tag: string, depth: number) => {
      let separator = ''
      const member = (item: unknown) => {
        out += separator
        separator = ','
        write(item, depth + 1)
      }
      if (value instanceof NewError || tag === 'Error') {
        const { name, message, stack } = value as Error
        const trace = typeof stack === 'string' ? stringify(stack) : 'null'
        out += `{"$":"e","n":${stringify(toText(name))},"m":${stringify(toText(message))},"s":${trace}}`
      } else if (tag === 'Date') {
        const time = getTime(value as Date)
        out += `{"$":"d","v":${is(time, Number.NaN) ? null : time}}`
      } else if (tag === 'RegExp') {
        const { source, flags } = value as RegExp
        out += `{"$":"r","v":${stringify(toText(source))},"n":${stringify(toText(flags))}}`
      } else if (tag === 'Map') {
        out += '{"$":"m","v":['
        mapForEach(value as Map<unknown, unknown>, (item, key) => {
          member(key)
          member(item)
        })
        out += ']}'
      } else if (tag === 'Set') {
        out += '{"$":"s","v":['
        setForEach(value as Set<unknown>, member)
        out += ']}'
      } else if (tag === 'ArrayBuffer') {
        out += `{"$":"B","v":"${bytesToText(value as ArrayBuffer)}"}`
      } else if (isView(value)) {
        const name = typedName(value)
        out += `{"$":"t","n":"${name ?? 'DataView'}","o":${name ? viewOffset(value) : dataViewOffset(value)}`
        out += `,"l":${name ? viewLength(value) : dataViewLength(value)},"v":`
        write(name ? viewBuffer(value) : dataViewBuffer(value), depth + 1)
        out += '}'
      } else refuse()
    }

    write(root, 0)
    return out
  }

  const decode = (text: string, fromToken?: FromToken): unknown => {
    let begun = 0
    const objects = new NewMap<number, unknown>()

    const keep = <Value>(number: number, value: Value): Value => {
      mapSet(objects, number, value)
      return value
    }
    const read = (node: unknown): unknown => (typeof node === 'object' && node !== null ? readObject(node) : node)

    /** Members are replaced where they stand: they are own properties, so that no setter of a prototype can run. */
    const readMembers = <Container extends object>(container: Container, names: string[] | null, count: number): Container => {
      const members = container as Record<PropertyKey, unknown>
      for (let index = 0; index < count; index += 1) {
        const name = names === null ? index : (names[index] as string)
        const member = members[name]
        if (typeof member === 'object' && member !== null) members[name] = readObject(member)
      }
      return container
    }

    const readObject = (node: object): unknown => {
      if (!isArray(node) && hasOwn(node, '$')) return readMarked(node as Marked)
      keep(begun, node)
      begun += 1
      if (isArray(node)) return readMembers(node, null, node.length)
      const names = keys(node)
      return readMembers(node, names, names.length)
    }

    const readMarked = (node: Marked): unknown => {
      switch (node.$) {
        case 'u':
          return undefined
        case 'n':
          return toNumber(node.v)
        case 'b':
          return toBigInt(node.v as string)
        case 'x':
          return fromToken?.(node.v as string)
        case '#':
          return mapGet(objects, node.v as number)
      }
      const number = begun
      begun += 1
      const list = node.v as unknown[]
      switch (node.$) {
        case 'd':
          return keep(number, new NewDate((node.v as number | null) ?? Number.NaN))
        case 'r':
          return keep(number, new NewRegExp(node.v as string, node.n))
        case 'B':
          return keep(number, textToBytes(node.v as string))
        case 's': {
          const set = keep(number, new NewSet())
          for (let index = 0; index < list.length; index += 1) setAdd(set, read(list[index]))
          return set
        }
        case 'm': {
          const map = keep(number, new NewMap())
          for (let index = 0; index < list.length; index += 2) mapSet(map, read(list[index]), read(list[index + 1]))
          return map
        }
        case 'o': {
          const object = keep(number, {})
          for (let index = 0; index < list.length; index += 2) put(object, list[index] as string, read(list[index + 1]))
          return object
        }
        case 'e': {
          const error = keep(number, new (errors[node.n] ?? NewError)(node.m))
          if (error.name !== node.n) put(error, 'name', node.n, false)
          if (node.s !== null) put(error, 'stack', node.s, false)
          return error
        }
        case 't': {
          const View = node.n === 'DataView' ? NewDataView : (views[node.n] ?? NewBytes)
          return keep(number, new View(read(node.v) as ArrayBuffer, node.o, node.l))
        }
        default:
          throw new NewError('Unknown node in a message')
      }
    }

    return read(parse(text))
  }

  return { encode, decode }
}
