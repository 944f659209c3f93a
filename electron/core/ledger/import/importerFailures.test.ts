import { describe, expect, it } from 'vitest'
import { sql } from '../../db'
import { findAccount } from '../accounts.repository'
import { ensureAccount } from '../chartOfAccounts'
import { recount } from '../recount'
import { testNow } from '../testing'
import {
  balances,
  books,
  count,
  expectNothingLeft,
  importer,
  line,
  lines,
  newImporter,
  openBedForEachTest,
  refusal,
  replaceImporter,
  run,
  statuses,
  streamOf,
} from './importerTesting'

openBedForEachTest()

describe('an import that fails', () => {
  it.each([
    ['no JSON', '{', 'invalid_input', /Line 3 is not JSON/],
    ['an unbalanced entry', line(9).replace('-900', '-901'), 'invalid_input', /Line 3 is not balanced/],
    ['a wrong account', line(9).replace('assets:bank', 'bank'), 'invalid_input', /Line 3 is no entry: postings\.0\.account/],
    ['a line of more than 1 MiB', 'x'.repeat(1_100_000), 'too_large', /Line 3 is longer than 1 MiB/],
    [
      'amounts too large to sum up',
      line(9).replaceAll('900', String(Number.MAX_SAFE_INTEGER)),
      'invalid_input',
      /Line 3 brings the amounts in USD over/,
    ],
  ])('for %s names the line and leaves nothing', async (_name, bad, code, message) => {
    const brings = line(1, {
      postings: [
        { account: 'assets:bank', minor: 9, currency: 'USD' },
        { account: 'income:new', minor: -9, currency: 'USD' },
      ],
    })
    const error = await refusal(run(streamOf(`${brings}\n${line(2)}\n${bad}\n${line(4)}`)))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    await expectNothingLeft()
    expect(await run(streamOf(line(1)))).toEqual({ imported: 1, skipped: 0 })
  })

  it('L7: for amounts that the books together could not keep', async () => {
    books.transfer({ minor: Number.MAX_SAFE_INTEGER })
    expect((await refusal(run(streamOf(line(1))))).code).toBe('invalid_input')
    await importer.sweep()
    expect(count('journal_entry')).toBe(1)
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('for base values that no number holds', async () => {
    books.test.db.write((w) =>
      w.run(sql`INSERT INTO rate VALUES (${books.businessId}, 'EUR', 'USD', '2026-01-01', '1000000', 0, 'owner')`),
    )
    const bad = line(1).replaceAll('USD', 'EUR').replaceAll('100', '90071992547409')
    expect((await refusal(run(streamOf(bad)))).code).toBe('invalid_input')
    await expectNothingLeft()
  })

  it('because its data break off', async () => {
    const broken = streamOf(`${line(1)}\n`, () => {
      throw new Error('socket hang up')
    })
    await expect(run(broken)).rejects.toThrow('socket hang up')
    await expectNothingLeft()
  })

  it('because the business is unknown', async () => {
    expect((await refusal(run(streamOf(), { businessId: 'biz_none' }))).code).toBe('not_found')
  })

  it('because of a defect, without blaming a line', async () => {
    books.test.db.write((w) => {
      const text = `CREATE TRIGGER defect BEFORE INSERT ON posting BEGIN SELECT RAISE(ABORT, 'defect'); END`
      w.run({ text, values: [] })
    })
    await expect(run(streamOf(line(1)))).rejects.toThrow(/^defect$/)
    await expectNothingLeft()
  })

  it('and cannot even say so is ended at the next start', async () => {
    const closing = streamOf(`${line(1)}\n${' '.repeat(600_000)}\n`, () => books.test.db.close(), line(2))
    await expect(run(closing)).rejects.toThrow()
    books.test.reopen()
    replaceImporter()
    expect(statuses()).toEqual([{ status: 'staging', tidied: 0 }])
    await expectNothingLeft()
    expect(await run(streamOf(line(1)))).toEqual({ imported: 1, skipped: 0 })
  })

  it('keeps an account that was taken into use meanwhile', async () => {
    const brings = line(1, {
      postings: [
        { account: 'assets:bank', minor: 9, currency: 'USD' },
        { account: 'income:new', minor: -9, currency: 'USD' },
      ],
    })
    const use = () => books.test.db.write((w) => ensureAccount(w, books.businessId, 'income:new', testNow))
    await refusal(run(streamOf(`${brings}\n${' '.repeat(600_000)}\n`, use, '{')))
    await importer.sweep()
    expect(findAccount(books.test.db.read, 1, 'income:new')).toBeDefined()
    expect(count('journal_entry')).toBe(0)
  })
})

describe('stopping', () => {
  const started = () => {
    let go: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => {
      go = resolve
    })
    return { waiting, go }
  }

  it('happens on cancel, also while data are awaited, and leaves nothing', async () => {
    const { waiting, go } = started()
    const running = refusal(
      run(
        streamOf(
          `${line(1)}\n${' '.repeat(600_000)}\n`,
          () => go(),
          () => new Promise<void>(() => undefined),
        ),
      ),
    )
    await waiting
    expect(count('journal_entry')).toBe(1)
    expect(importer.cancel(books.otherId)).toBe(false)
    expect(importer.cancel(books.businessId)).toBe(true)
    const error = await running
    expect(error.code).toBe('conflict')
    expect(error.message).toMatch(/was cancelled/)
    expect(importer.cancel(books.businessId)).toBe(false)
    await expectNothingLeft()
    expect(statuses()).toEqual([{ status: 'cancelled', tidied: 1 }])
  })

  it('happens between two slices', async () => {
    const abort = new AbortController()
    const error = await refusal(run(streamOf(lines(1, 9).join('\n')), { signal: abort.signal, onProgress: () => abort.abort() }))
    expect(error.message).toMatch(/was cancelled/)
    await expectNothingLeft()
  })

  it('happens when the app closes, in the words of the one who closes it', async () => {
    const { waiting, go } = started()
    const running = refusal(
      run(
        streamOf(
          `${line(1)}\n`,
          () => go(),
          () => new Promise<void>(() => undefined),
        ),
      ),
    )
    await waiting
    await importer.stop()
    expect((await running).code).toBe('unavailable')
  })

  it('one import per business runs at a time', async () => {
    const { waiting, go } = started()
    const first = run(streamOf(() => waiting, line(1)))
    expect((await refusal(run(streamOf(line(2))))).code).toBe('conflict')
    expect(await run(streamOf(line(2)), { businessId: books.otherId })).toEqual({ imported: 1, skipped: 0 })
    go()
    expect(await first).toEqual({ imported: 1, skipped: 0 })
    expect(await run(streamOf(line(2)))).toEqual({ imported: 1, skipped: 0 })
  })

  it('L2: by a kill leaves rows that nobody sees and that the next start sweeps', async () => {
    const { waiting, go } = started()
    void run(
      streamOf(
        `${lines(1, 150).join('\n')}\n${' '.repeat(600_000)}\n`,
        () => go(),
        () => new Promise<void>(() => undefined),
      ),
    )
    await waiting
    const db = books.test.reopen()
    replaceImporter()
    books.transfer({ minor: 1 })
    expect(balances().map((row) => row.minor)).toEqual([1, -1])
    expect(count('journal_entry')).toBe(151)
    await importer.sweep()
    expect(count('journal_entry')).toBe(1)
    expect(recount(db.read, books.businessId)).toEqual([])
    expect(statuses()).toEqual([{ status: 'failed', tidied: 1 }])
  })

  it('L2: by a kill during the sweep goes on where it was; a new import of the business waits for it', async () => {
    const { waiting, go } = started()
    void run(
      streamOf(
        `${lines(1, 150).join('\n')}\n${' '.repeat(600_000)}\n`,
        () => go(),
        () => new Promise<void>(() => undefined),
      ),
    )
    await waiting
    books.test.reopen()
    const interrupted = newImporter()
    const sweeping = interrupted.sweep()
    while (count('journal_entry') === 150) await new Promise((resolve) => setImmediate(resolve))
    await interrupted.stop()
    await sweeping.catch(() => undefined)
    expect(count('journal_entry')).toBe(50)
    books.test.reopen()
    replaceImporter()
    expect(await run(streamOf(lines(1, 3).join('\n')))).toEqual({ imported: 3, skipped: 0 })
    expect(count('journal_entry')).toBe(3)
    await importer.sweep()
    expect(recount(books.test.db.read, books.businessId)).toEqual([])
  })

  it('L2: between publishing and folding changes nothing that is seen', async () => {
    await run(streamOf(lines(1, 3).join('\n')))
    const published = balances()
    expect(published[0]?.minor).toBe(600)
    await importer.stop()
    const db = books.test.reopen()
    replaceImporter()
    expect(balances()).toEqual(published)
    books.transfer({ minor: 1 })
    await importer.sweep()
    expect(balances()[0]?.minor).toBe(601)
    expect(recount(db.read, books.businessId)).toEqual([])
  })
})
