import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestBooks, type TestBooks, testNow } from '../testing'
import { LedgerImporter } from './importer'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let books: TestBooks
beforeEach(() => {
  books = openTestBooks()
})
afterEach(() => books.cleanup())

const chunkCount = 60

it('lets go of the bytes that it has read, so that the size of a file is not the size of memory', async () => {
  const read: WeakRef<Uint8Array>[] = []
  let alive = Number.NaN
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < chunkCount; n++) {
      const postings = [
        { account: 'assets:bank', minor: 1, currency: 'USD' },
        { account: 'income:services', minor: -1, currency: 'USD' },
      ]
      const entry = { externalId: `x${n}`, occurredOn: '2026-01-10', description: 'x'.repeat(500), postings }
      const chunk = new Uint8Array(Buffer.from(`${JSON.stringify(entry)}\n`))
      read.push(new WeakRef(chunk))
      yield chunk
      await new Promise((resolve) => setImmediate(resolve))
    }
    collectGarbage()
    alive = read.filter((chunk) => chunk.deref() !== undefined).length
  }
  const importer = new LedgerImporter({ database: books.test.db })
  await importer.importStream({ businessId: books.businessId, chunks: chunks(), now: testNow, onPublished: () => undefined })
  await importer.stop()
  expect(read.length).toBe(chunkCount)
  expect(alive).toBeLessThan(chunkCount / 4)
})
