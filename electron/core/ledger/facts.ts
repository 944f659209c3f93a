import type { Parsed } from '../../../shared/contract'
import { toSafeInteger } from '../../../shared/domain/decimal'
import { formatMoney, type Money } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db'
import type { CommandFacts } from '../dispatch/handler'
import { assertBalanced, debitsByCurrency, sumsByCurrency } from './balanced'
import { bookOf } from './books'
import { readEntries } from './entries.repository'
import { parseEntryId } from './entryId'
import { closedThrough } from './periodClose'
import { accountNumber } from './posting'
import { reversibleByHand } from './reversal'

/** The debits of an entry's first currency: what a limit is held against. */
function sizeOf(amounts: readonly Money[]): Money | null {
  const [first] = debitsByCurrency(amounts)
  return first ? { currency: first[0], minor: toSafeInteger(first[1]) } : null
}

/** Net effect on each account, in words. */
function effects(postings: readonly { readonly account: string; readonly amount: Money }[]): Record<string, string> {
  return Object.fromEntries(
    [...Map.groupBy(postings, (posting) => posting.account)].map(([account, own]) => [
      account,
      [...sumsByCurrency(own.map((posting) => posting.amount))]
        .map(([currency, sum]) => formatMoney({ currency, minor: toSafeInteger(sum) }))
        .join(', '),
    ]),
  )
}

/** @throws AppError invalid_input, not_found */
export function postFacts(r: ReadDb, { businessId, occurredOn, postings }: Parsed<'ledger.post'>): CommandFacts {
  const book = bookOf(r, businessId)
  const amounts = postings.map((posting) => posting.amount)
  assertBalanced(amounts)
  for (const { account } of postings) accountNumber(r, book, account)
  return {
    businessId,
    what: `Post a journal entry of ${postings.length} lines on ${occurredOn}`,
    ...exact(() => ({ amount: sizeOf(amounts), after: effects(postings) })),
    payee: null,
    before: {},
    undo: 'by_reversal',
  }
}

/** @throws AppError not_found, conflict */
export function reverseFacts(r: ReadDb, { entryId, occurredOn }: Parsed<'ledger.reverse'>): CommandFacts {
  const stored = reversibleByHand(r, parseEntryId(entryId))
  const postings = readEntries(r, stored.businessId, [stored.id]).flatMap((entry) => entry.postings)
  const mirrored = postings.map(({ account, amount }) => ({ account, amount: { ...amount, minor: -amount.minor } }))
  return {
    businessId: stored.businessId,
    what: `Reverse ${entryId} of ${stored.occurredOn} on ${occurredOn}`,
    amount: sizeOf(postings.map((posting) => posting.amount)),
    payee: null,
    before: effects(postings),
    after: effects(mirrored),
    undo: 'no',
  }
}

export function closeFacts(r: ReadDb, { businessId, through }: Parsed<'ledger.closePeriod'>): CommandFacts {
  const closed = closedThrough(r, bookOf(r, businessId).id)
  return {
    businessId,
    what: `Close the books through ${through}; nothing can be posted on or before that day, and they are not opened again`,
    amount: null,
    payee: null,
    before: closed === null ? {} : { closedThrough: closed },
    after: { closedThrough: through },
    undo: 'no',
  }
}

function exact<T>(facts: () => T): T {
  try {
    return facts()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new AppError('invalid_input', 'The amounts are larger than can be kept exactly. Nothing was posted.')
  }
}
