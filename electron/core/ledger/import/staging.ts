import type { ImportLine } from '../../../../shared/contract/ledger'
import { AppError } from '../../../../shared/errors'
import { findRate } from '../../businesses'
import type { Statement, WriteDb } from '../../db'
import { putAccount } from '../accounts.repository'
import { addBalances, addDebits, addEntryCount, type BalanceDelta, monthNumber } from '../balances'
import { type BaseValue, type NamedRatio, withBaseValues } from '../baseValue'
import type { Book } from '../books'
import { accountTypeOf } from '../chartOfAccounts'
import { insertPostingText } from '../entries.repository'
import { closedThrough } from '../periodClose'
import { BadLine } from './importLine'

export const insertEntryText = `
  INSERT INTO journal_entry
    (book_id, occurred_on, description, source_kind, source_id, lines, valued, posted_at, import_id)
  VALUES (?, ?, ?, 'import', ?, ?, ?, ?, ?)
  ON CONFLICT (book_id, source_kind, source_id) DO NOTHING`
const findEntryText = `SELECT 1 FROM journal_entry WHERE book_id = ? AND source_kind = 'import' AND source_id = ?`
const findAccountText = 'SELECT id FROM account WHERE book_id = ? AND name = ?'
const lowerFirstDayText = 'UPDATE import SET first_on = ? WHERE id = ?'

/** What is kept in memory, so that no file can fill it. */
export interface StagingLimits {
  /** Sums that are kept until they are written. */
  readonly sums: number
  /** Numbers of accounts that are remembered by name. */
  readonly names: number
}
const usualLimits: StagingLimits = { sums: 100_000, names: 100_000 }

/** Values of an entry, however long, in currencies without a rate. */
const unvalued: readonly BaseValue[] = Array.from({ length: 200 }, () => ({ base: null, rate: null }))

interface Slice {
  readonly w: WriteDb
  readonly insertEntry: Statement<unknown>
  readonly insertPosting: Statement<unknown>
  readonly closed: string | null
  readonly rates: Map<string, NamedRatio | null>
}

function tooLarge(currency: string): BadLine {
  return new BadLine(`brings the amounts in ${currency} over what the books can keep exactly`)
}

function assertStillOpen(firstOn: string, closed: string | null): void {
  if (closed === null || firstOn > closed) return
  throw new AppError(
    'period_closed',
    `The books were closed through ${closed} while the import was running, and it holds entries from ${firstOn} on. Nothing was imported.`,
    { closedThrough: closed },
  )
}

/** Stages the entries of one import, slice by slice, and keeps their sums until they are published together. */
export class Staging {
  readonly #book: Book
  readonly #importId: number
  readonly #now: number
  readonly #limits: StagingLimits
  readonly #accounts = new Map<string, number>()
  readonly #balances = new Map<number, BalanceDelta & { minor: number }>()
  readonly #days = new Map<string, { entries: number; unvalued: number }>()
  readonly #currencies = new Map<string, { readonly index: number; debits: number }>()
  #firstOn = '9999-12-31'
  #slice: Slice | undefined
  imported = 0
  skipped = 0

  constructor(book: Book, importId: number, now: number, limits: StagingLimits = usualLimits) {
    this.#limits = limits
    this.#book = book
    this.#importId = importId
    this.#now = now
  }

  /**
   * Begins a slice in its own transaction: rates and closed periods are read as they stand now.
   * @throws AppError period_closed when a period was closed over days that were staged before
   */
  begin(w: WriteDb): void {
    const closed = closedThrough(w, this.#book.id)
    assertStillOpen(this.#firstOn, closed)
    this.#slice = {
      w,
      insertEntry: w.prepare(insertEntryText),
      insertPosting: w.prepare(insertPostingText),
      closed,
      rates: new Map(),
    }
  }

  /**
   * Stages a balanced entry, or counts it as skipped when its externalId is in the books or was staged before.
   * @throws BadLine in a closed period or when amounts are too large
   */
  add(line: ImportLine): void {
    const slice = this.#slice
    if (!slice) throw new Error('No slice was begun')
    const { externalId, occurredOn, description, postings } = line
    const bookId = this.#book.id
    if (occurredOn < this.#firstOn && !this.#admit(slice, externalId, occurredOn)) {
      this.skipped += 1
      return
    }
    const values = this.#valuesOf(slice, line)
    const valued = values === null || values.every((value) => value.base !== null)
    const { changes, lastId } = slice.insertEntry.run(
      bookId,
      occurredOn,
      description,
      externalId,
      postings.length,
      valued ? 1 : 0,
      this.#now,
      this.#importId,
    )
    if (changes === 0) {
      this.skipped += 1
      return
    }
    const month = monthNumber(occurredOn)
    let number = 0
    for (const { account, currency, minor } of postings) {
      const value = values?.[number]
      number += 1
      const accountId = this.#accounts.get(account) ?? this.#account(slice, account)
      const base = value ? value.base : minor
      const rate = value ? value.rate : null
      slice.insertPosting.run(
        lastId,
        number,
        postings.length,
        bookId,
        accountId,
        currency,
        minor,
        base,
        rate,
        occurredOn,
        this.#importId,
      )
      this.#sum(accountId, currency, month, minor)
    }
    this.#count(occurredOn, valued)
    this.imported += 1
  }

  /** Writes sums to the database while `more()` says so. @returns true when none are left in memory */
  writeSums(w: WriteDb, more: () => boolean): boolean {
    for (const [key, sum] of this.#balances) {
      if (!more()) return false
      addBalances(w, this.#book.id, this.#importId, [sum])
      this.#balances.delete(key)
    }
    for (const [occurredOn, count] of this.#days) {
      if (!more()) return false
      addEntryCount(w, this.#book.id, this.#importId, { occurredOn, ...count })
      this.#days.delete(occurredOn)
    }
    return true
  }

  /** True when so many sums are in memory that they should be written before more entries are staged. */
  get isFull(): boolean {
    return this.#balances.size >= this.#limits.sums
  }

  /**
   * Last step before the entries are published: adds them to the debits of the books.
   * @throws AppError period_closed as `begin`; invalid_input when the books would hold too much
   */
  finish(w: WriteDb): void {
    assertStillOpen(this.#firstOn, closedThrough(w, this.#book.id))
    for (const [currency, { debits }] of this.#currencies) {
      if (debits > 0) addDebits(w, this.#book.id, this.#importId, currency, BigInt(debits))
    }
  }

  /**
   * Lets an entry in that is earlier than all before it: the import's first day is lowered, which its rows must not precede.
   * @returns false when the entry is in the books already, wherever they are closed
   */
  #admit({ w, closed }: Slice, externalId: string, occurredOn: string): boolean {
    if (w.prepare(findEntryText).get(this.#book.id, externalId) !== undefined) return false
    if (closed !== null && occurredOn <= closed) {
      throw new BadLine(`is dated ${occurredOn}, and the books are closed through ${closed}`, 'period_closed')
    }
    w.prepare(lowerFirstDayText).run(occurredOn, this.#importId)
    this.#firstOn = occurredOn
    return true
  }

  /** null: every posting is in the base currency, so that amounts are base values. */
  #valuesOf({ w, rates }: Slice, { occurredOn, postings }: ImportLine): readonly BaseValue[] | null {
    const { businessId, currency: base } = this.#book
    if (postings.every((posting) => posting.currency === base)) return null
    const rateOf = (currency: string): NamedRatio | null => {
      const key = `${currency}${occurredOn}`
      let rate = rates.get(key)
      if (rate === undefined) {
        rate = findRate(w, businessId, currency, base, occurredOn)
        rates.set(key, rate)
      }
      return rate
    }
    let last: string | undefined
    const isUnvalued = postings.every(({ currency }) => {
      if (currency === last) return true
      last = currency
      return currency !== base && rateOf(currency) === null
    })
    if (isUnvalued) return unvalued
    const values = withBaseValues(postings, base, rateOf)
    if (values === null) throw tooLarge(base)
    return values
  }

  #account({ w }: Slice, name: string): number {
    const row = w.prepare<{ id: number }>(findAccountText).get(this.#book.id, name)
    const account = { bookId: this.#book.id, name, type: accountTypeOf(name), createdAt: this.#now, importId: this.#importId }
    const id = row?.id ?? putAccount(w, account)
    if (this.#accounts.size >= this.#limits.names) this.#accounts.clear()
    this.#accounts.set(name, id)
    return id
  }

  /** Sums are kept under one number: fewer than 1,024 currencies and, with months up to 219912, some 33 million accounts have room. */
  #sum(accountId: number, currency: string, month: number, minor: number): void {
    let known = this.#currencies.get(currency)
    if (known === undefined) {
      known = { index: this.#currencies.size, debits: 0 }
      this.#currencies.set(currency, known)
    }
    if (minor > 0) {
      known.debits += minor
      if (known.debits > Number.MAX_SAFE_INTEGER) throw tooLarge(currency)
    }
    const key = (accountId * 1024 + known.index) * 262_144 + month
    const sum = this.#balances.get(key)
    if (sum) sum.minor += minor
    else this.#balances.set(key, { accountId, currency, month, minor })
  }

  #count(occurredOn: string, valued: boolean): void {
    const count = this.#days.get(occurredOn) ?? { entries: 0, unvalued: 0 }
    count.entries += 1
    if (!valued) count.unvalued += 1
    this.#days.set(occurredOn, count)
  }
}
