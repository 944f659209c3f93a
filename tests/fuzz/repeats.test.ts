import { afterAll, beforeAll, expect, test } from 'vitest'
import { entryInput } from '../support/desk'
import { type Answer, errorOf, type LiveApp, openLiveApp } from '../support/liveApp'
import { countRows } from '../support/tables'

let live: LiveApp
let businessId: string

beforeAll(async () => {
  live = await openLiveApp()
  const input = { name: 'Mill Street Studio', currency: 'USD', country: 'US', timeZone: 'America/New_York' }
  businessId = (await live.run('businesses.create', input)).id
})
afterAll(() => live.close())

test('L6: over the API 30 keys sent 50 times at once make 30 entries; other bodies are 409, and a key outlives a restart', async () => {
  const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`)
  const body = (key: string, minor = 100) => ({ ...entryInput(businessId, minor), requestId: key })
  const answers: Answer[] = []
  for (const key of keys) {
    answers.push(...(await Promise.all(Array.from({ length: 50 }, () => live.send('ledger.post', body(key))))))
  }
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(30)
  expect(countRows(live.db, 'journal_entry')).toBe(30)
  await live.restart()
  for (const [index, key] of keys.entries()) {
    expect((await live.send('ledger.post', body(key))).body).toEqual(answers[index * 50]?.body)
    const other = await live.send('ledger.post', body(key, 101))
    expect([other.status, errorOf(other).code]).toEqual([409, 'idempotency_conflict'])
  }
  expect(countRows(live.db, 'journal_entry')).toBe(30)
})
