import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { Turnstile } from './turnstile'

const never = new AbortController().signal

let turnstile: Turnstile
let log: string[]
beforeEach(() => {
  turnstile = new Turnstile()
  log = []
})

/** Work that goes on until it is ended. */
function slow(name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const run = () => {
    log.push(`${name} begins`)
    return promise.finally(() => log.push(`${name} ends`))
  }
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) }
}

test('commands run beside each other, and their results and failures are theirs', async () => {
  const [a, b] = [slow('a'), slow('b')]
  const results = [turnstile.pass('x', a.run), turnstile.pass('x', b.run)]
  b.end()
  a.fail()
  await expect(results[0]).rejects.toThrow('a')
  await expect(results[1]).resolves.toBe('b')
  expect(log.slice(0, 2)).toEqual(['a begins', 'b begins'])
})

test('what runs alone waits for the commands under way, its own left out, and others wait for it', async () => {
  const [own, before, work, after] = [slow('own'), slow('before'), slow('work'), slow('after')]
  const all = [turnstile.pass('own', own.run), turnstile.pass('x', before.run), turnstile.alone('own', work.run, never)]
  await setImmediate()
  before.fail()
  await expect(all[1]).rejects.toThrow('before')
  await setImmediate()
  all.push(turnstile.pass('x', after.run), turnstile.pass('own', after.run))
  await setImmediate()
  expect(log).toEqual(['own begins', 'before begins', 'before ends', 'work begins'])
  work.end()
  after.end()
  own.end()
  expect(await Promise.all([all[0], ...all.slice(2)])).toEqual(['own', 'work', 'after', 'after'])
  expect(log.indexOf('work ends')).toBeLessThan(log.indexOf('after begins'))
})

test('one thing runs alone at a time, and a failure of it opens the way again', async () => {
  const [first, second] = [slow('first'), slow('second')]
  const one = turnstile.alone('own', first.run, never)
  const two = turnstile.alone('own', second.run, never)
  await setImmediate()
  expect(log).toEqual(['first begins'])
  first.fail()
  second.end()
  await expect(one).rejects.toThrow('first')
  await expect(two).resolves.toBe('second')
  await expect(turnstile.pass('x', async () => 1)).resolves.toBe(1)
})

test('the waiting can be given up, and nothing is held up by it then', async () => {
  const before = slow('before')
  const command = turnstile.pass('x', before.run)
  const giveUp = new AbortController()
  const waiting = turnstile.alone('own', slow('work').run, giveUp.signal)
  giveUp.abort(new Error('closing'))
  await expect(waiting).rejects.toThrow('closing')
  before.end()
  await expect(command).resolves.toBe('before')
  await expect(turnstile.pass('x', async () => 1)).resolves.toBe(1)
  expect(log).not.toContain('work begins')
})
