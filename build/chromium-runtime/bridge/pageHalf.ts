import type { BridgeSetup } from './bridgeEnd.ts'

/**
 * The page's half of `contextBridge`: puts what preload exposes on `window`, frozen to the ground and not replaceable, and refuses to
 * put it over something that is there. Self-contained: its source text is injected into the page.
 *
 * @returns the `onExpose` of the page's end of the bridge
 */
export function createExposer(): NonNullable<BridgeSetup['onExpose']> {
  const { create, defineProperty, freeze } = Object
  const { ownKeys } = Reflect
  const { Error: NewError } = globalThis
  const { isView } = ArrayBuffer
  const page = globalThis

  const deepFreeze = (value: unknown) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    if (Object.isFrozen(value) || isView(value)) return
    freeze(value)
    const names = ownKeys(value)
    for (let index = 0; index < names.length; index += 1) {
      deepFreeze((value as Record<PropertyKey, unknown>)[names[index] as PropertyKey])
    }
  }

  return (key, value) => {
    if (key in page) throw new NewError('Cannot bind an API on top of an existing property on the window object')
    deepFreeze(value)
    const descriptor = create(null) as PropertyDescriptor
    descriptor.value = value
    descriptor.enumerable = true
    descriptor.writable = descriptor.configurable = false
    defineProperty(page, key, descriptor)
  }
}
