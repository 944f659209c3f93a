import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { createThrottle, throttleFileName } from './throttle'

let dir: string
let file: string
let uptime: number
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-throttle-'))
  file = join(dir, throttleFileName)
  uptime = 3_600_000
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const minute = 60_000
const throttle = () => createThrottle(file, () => uptime)

/** Seconds to wait as an attempt tells them, 0 when it was let through. */
function attempt(door = 'window'): number {
  try {
    throttle().attempt(door)
    return 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe('rate_limited')
    return Number(error.details?.retryAfterSeconds)
  }
}

function fail(times: number, door = 'window') {
  for (let i = 0; i < times; i++) expect(attempt(door)).toBe(0)
}

test('V7: five failures, then 15 minutes, told to the second; each object is a restart', () => {
  fail(5)
  expect(attempt()).toBe(900)
  uptime += 10 * minute
  expect(attempt()).toBe(300)
  uptime += 5 * minute - 1
  expect(attempt()).toBe(1)
  uptime += 1
  expect(throttle().secondsToWait('window')).toBe(0)
  expect(attempt()).toBe(0)
})

test('V7: the wait doubles with each further five, up to a day', () => {
  const waits = []
  for (let round = 0; round < 10; round++) {
    fail(5)
    const seconds = attempt()
    waits.push(seconds / 60)
    uptime += seconds * 1000
  }
  expect(waits).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440])
})

test('attempts made while waiting are not counted', () => {
  fail(5)
  for (let i = 0; i < 20; i++) attempt()
  uptime += 15 * minute
  fail(5)
  expect(attempt()).toBe(1800)
})

test('a success starts from nothing again, at its own door only', () => {
  fail(4, 'window')
  fail(4, 'api')
  throttle().succeeded('window')
  fail(5, 'window')
  fail(1, 'api')
  expect(attempt('window')).toBe(900)
  expect(attempt('api')).toBe(900)
  expect(attempt('cli')).toBe(0)
})

test('an attempt counts from its beginning, so stopping the app in the middle does not undo it', () => {
  throttle().attempt('window')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ window: { failures: 1 } })
})

test('V7: a restart of the machine does not shorten the wait', () => {
  fail(5)
  uptime = 0
  expect(attempt()).toBe(900)
  uptime = 14 * minute
  expect(attempt()).toBe(60)
  uptime = 15 * minute
  expect(attempt()).toBe(0)
})

test('V7: the wall clock plays no part', () => {
  const now = Date.now
  try {
    fail(5)
    Date.now = () => now() - 365 * 24 * 60 * minute
    expect(attempt()).toBe(900)
    Date.now = () => now() + 365 * 24 * 60 * minute
    expect(attempt()).toBe(900)
  } finally {
    Date.now = now
  }
})

test('the file is for the owner alone and holds no secret', () => {
  fail(2)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['window'])
})

test.each(['', '{', '[]', '{"window":{"failures":-1,"wait":0,"since":0}}', '{"window":{"failures":9}}'])(
  'unreadable contents (%s) count as none',
  (text) => {
    writeFileSync(file, text)
    expect(throttle().secondsToWait('window')).toBe(0)
    fail(5)
    expect(attempt()).toBe(900)
  },
)

test('by default it reads the machine, which has been up for some time', () => {
  const real = createThrottle(file)
  for (let i = 0; i < 5; i++) real.attempt('window')
  expect(real.secondsToWait('window')).toBeGreaterThan(890)
})
