import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NameStore } from './nameStore'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function store() {
  const asked: string[] = []
  const names = new Map<string, string>()
  const made = new NameStore(async (id) => {
    asked.push(id)
    const name = names.get(id)
    if (name === undefined) throw new Error('unknown')
    return name
  })
  return { asked, names, made }
}

describe('NameStore', () => {
  it('reads a missing name once, after scrolling rests, and tells its listeners', async () => {
    const { asked, names, made } = store()
    names.set('a', 'Anna')
    const heard = vi.fn()
    made.subscribe(heard)
    expect(made.get('a')).toBeUndefined()
    expect(made.get('a')).toBeUndefined()
    expect(asked).toEqual([])
    await vi.advanceTimersByTimeAsync(50)
    expect(asked).toEqual(['a'])
    expect(heard).toHaveBeenCalledTimes(1)
    expect(made.get('a')).toBe('Anna')
    await vi.advanceTimersByTimeAsync(50)
    expect(asked).toEqual(['a'])
  })

  it('reads the newest first and forgets wishes of rows long gone', async () => {
    const { asked, made } = store()
    for (let row = 0; row < 500; row += 1) made.get(`row-${row}`)
    await vi.advanceTimersByTimeAsync(50)
    expect(asked[0]).toBe('row-499')
    expect(asked).toHaveLength(96)
  })

  it('keeps showing a name that may have changed, and reads it again', async () => {
    const { asked, names, made } = store()
    made.put('a', 'Anna')
    names.set('a', 'Anne')
    made.invalidate()
    expect(made.get('a')).toBe('Anna')
    await vi.advanceTimersByTimeAsync(50)
    expect(made.get('a')).toBe('Anne')
    expect(asked).toEqual(['a'])
  })

  it('asks again for a name that could not be read', async () => {
    const { asked, names, made } = store()
    made.get('a')
    await vi.advanceTimersByTimeAsync(50)
    names.set('a', 'Anna')
    made.get('a')
    await vi.advanceTimersByTimeAsync(50)
    expect(asked).toEqual(['a', 'a'])
    expect(await made.read('a')).toBe('Anna')
  })

  it('forgets what it knows when the vault is closed', async () => {
    const { asked, made } = store()
    made.put('a', 'Anna')
    made.get('b')
    NameStore.forgetAll()
    await vi.advanceTimersByTimeAsync(50)
    expect(asked).toEqual([])
    expect(made.get('a')).toBeUndefined()
  })
})
