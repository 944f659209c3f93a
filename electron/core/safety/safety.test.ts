import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendAudit } from '../audit/index'
import { sql } from '../db'
import { openTestDispatch, type TestDispatch } from '../dispatch/testing'
import { enqueue, OutboxWorker } from '../outbox/index'
import { PauseSwitch } from './pauseSwitch'
import { safetyHandlers } from './safety.handlers'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

let desk: TestDispatch
beforeEach(() => {
  desk = openTestDispatch()
  for (const [name, handler] of Object.entries(safetyHandlers({ upcoming: () => [{ name: 'backup', nextAt: 5 }] })))
    desk.handle(name as 'safety.status', handler as never)
})
afterEach(() => desk.cleanup())

const status = () => desk.call('safety.status', {})
const held = { outbox: [], schedules: [], brokerCallsRefused: 0 }
const goingOn = { paused: false, since: null, by: null, reason: null, held }

test('a pause says who, since when and why, survives a restart, and ends with resume', async () => {
  expect(await status()).toEqual(goingOn)
  const script = await desk.token(['safety:write'])
  const paused = { paused: true, since: desk.now, by: script.name, reason: 'Odd refunds' }
  expect(await desk.call('safety.pause', { reason: 'Odd refunds' }, script)).toMatchObject({ status: 'done', value: paused })
  desk.now += 1000
  await desk.call('safety.pause', { reason: 'Again' })
  expect(await status()).toMatchObject(paused)
  desk.restart()
  expect(new PauseSwitch(desk.test.db).paused).toBe(true)
  expect(await status()).toMatchObject(paused)
  expect(await desk.call('safety.resume', {})).toEqual({ status: 'done', value: goingOn })
  expect(await status()).toEqual(goingOn)
  expect(desk.published).toContainEqual(['audit', 'safety'])
})

test('pausing is possible while locked, going on is not', async () => {
  desk.locked = true
  await expect(desk.call('safety.pause', {})).resolves.toMatchObject({ value: { paused: true, reason: null } })
  await expect(status()).resolves.toMatchObject({ paused: true })
  await expect(desk.call('safety.resume', {})).rejects.toMatchObject({ code: 'locked' })
  desk.locked = false
  await expect(desk.call('safety.resume', {})).resolves.toMatchObject({ value: { paused: false } })
})

test('who may not, does not: the scopes say who pauses and who sees it', async () => {
  const script = await desk.token(['safety:read'])
  await expect(desk.call('safety.pause', {}, script)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(desk.call('safety.status', {}, script)).resolves.toEqual(goingOn)
})

test('the switch tells of each change once, with its commit, and refuses with words while it is on', async () => {
  const pause = new PauseSwitch(desk.test.db)
  const told: boolean[] = []
  const stop = pause.onChange((paused) => told.push(paused))
  expect(() => pause.assertRunning()).not.toThrow()
  await desk.call('safety.pause', {})
  await desk.call('safety.pause', {})
  expect(told).toEqual([true])
  expect(() => pause.assertRunning()).toThrow(
    expect.objectContaining({ code: 'paused', message: expect.stringMatching(/^[A-Z].*\.$/) }),
  )
  await desk.call('safety.resume', {})
  expect(told).toEqual([true, false])
  stop()
  await desk.call('safety.pause', {})
  expect(told).toEqual([true, false])
  expect(() =>
    desk.test.db.write((w) => {
      w.run(sql`DELETE FROM pause`)
      throw new Error('rolled back')
    }),
  ).toThrow('rolled back')
  expect(pause.paused).toBe(true)
})

test('the outbox begins nothing while paused; what waits is shown, and is sent in order when it goes on', async () => {
  const businessId = await desk.business()
  const { db } = desk.test
  const pause = new PauseSwitch(db)
  const sent: string[] = []
  const worker = new OutboxWorker({
    database: db,
    clock: { now: () => desk.now },
    logger: silent,
    publish: () => undefined,
    mayWork: () => !pause.paused,
  })
  worker.register('send', {
    perform: async (row) => {
      sent.push(row.subjectId)
      return { kind: 'succeeded', value: '' }
    },
    settle: () => undefined,
  })
  const add = (subjectId: string) => db.write((w) => enqueue(w, { businessId, kind: 'send', subjectId, now: desk.now }))
  await desk.call('safety.pause', {})
  add('one')
  desk.now += 10
  add('two')
  await worker.drain()
  expect(sent).toEqual([])
  expect((await status()).held).toEqual({
    outbox: [{ kind: 'send', businessId, count: 2, oldestAt: desk.now - 10 }],
    schedules: [{ name: 'backup', nextAt: 5 }],
    brokerCallsRefused: 0,
  })
  await desk.call('safety.resume', {})
  await worker.drain()
  expect(sent).toEqual(['one', 'two'])
  expect(await status()).toEqual(goingOn)
})

test('broker calls refused since the pause began are counted from the log', async () => {
  const refused = (outcome: string, procedure = 'broker.call') =>
    desk.test.db.write((w) =>
      appendAudit(w, { at: desk.now, actor: 'owner', door: 'api', procedure, businessId: null, outcome, details: {} }),
    )
  refused('failed:paused')
  await desk.call('safety.pause', {})
  for (const outcome of ['failed:paused', 'failed:paused', 'failed:forbidden', 'done']) refused(outcome)
  refused('failed:paused', 'secrets.test')
  expect((await status()).held.brokerCallsRefused).toBe(2)
  desk.restart()
  expect((await status()).held.brokerCallsRefused).toBe(2)
})
