import { expect, test } from 'vitest'
import { Ending } from './ending'

/** An ending whose sealing is in the hands of the test. */
function begin(patience?: number) {
  const said: string[] = []
  const sealing = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const say = (what: string) => {
    said.push(what)
    ended.resolve()
  }
  const ending = new Ending({
    seal: () => {
      said.push('seal')
      return sealing.promise
    },
    quit: () => say('quit'),
    exit: (code) => say(`exit ${code}`),
    logger: { error: ({ err }) => said.push(`logged: ${err instanceof Error ? err.message : String(err)}`) },
    ...(patience === undefined ? {} : { patience }),
  })
  /** @returns whether the quit was held back */
  const ask = (): boolean => {
    let held = false
    ending.beforeQuit({ preventDefault: () => (held = true) })
    return held
  }
  return { said, sealing, ended: ended.promise, ask }
}

test('quitting waits for the sealing, however often it is asked for, and then goes through', async () => {
  const { said, sealing, ended, ask } = begin()
  expect([ask(), ask()]).toEqual([true, true])
  expect(said).toEqual(['seal'])
  sealing.resolve()
  await ended
  expect(ask()).toBe(false)
  expect(said).toEqual(['seal', 'quit'])
})

test('V5: a sealing that fails is logged and ends the process all the same', async () => {
  const { said, sealing, ended, ask } = begin()
  ask()
  sealing.reject(new Error('database or disk is full'))
  await ended
  expect(said).toEqual(['seal', 'logged: database or disk is full', 'exit 1'])
})

test('V5: a sealing that hangs is logged and ends the process all the same', async () => {
  const { said, ended, ask } = begin(20)
  ask()
  await ended
  expect(said).toEqual(['seal', 'logged: Sealing took longer than 20 ms', 'exit 1'])
})
