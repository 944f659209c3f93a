import type { Parsed } from '../../../shared/contract'
import { formatMoney, type Money } from '../../../shared/domain/money'
import type { ReadDb } from '../db'
import type { CommandFacts } from '../dispatch/handler'
import { assertBalanced, debitsByCurrency, sumsByCurrency } from './balanced'
import { tooLarge } from './balances'
import { bookOf } from './books'
import { readEntries } from './entries.repository'
import { parseEntryId } from './entryId'
import { closedThrough } from './periodClose'
import { accountNumber } from './posting'
import { reversibleByHand } from './reversal'

/** The debits of an entry's first currency: what a limit is held against. @throws AppError invalid_input when they are too large */
function sizeOf(amounts: readonly Money[]): Money | null {
  const [first = null] = [...debitsByCurrency(amounts)].map(([currency, debits]) => {
    if (debits > BigInt(Number.MAX_SAFE_INTEGER)) throw tooLarge(currency)
    return { currency, minor: Number(debits) }
  })
  return first
}

/** Net effect on each account, in words. No sum is larger than the debits, which `sizeOf` has looked at. */
function effects(postings: readonly { readonly account: string; readonly amount: Money }[]): Record<string, string> {
  return Object.fromEntries(
    [...Map.groupBy(postings, (posting) => posting.account)].map(([account, own]) => [
      account,
      [...sumsByCurrency(own.map((posting) => posting.amount))]
        .map(([currency, sum]) => formatMoney({ currency, minor: Number(sum) }))
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
    amount: sizeOf(amounts),
    payee: null,
    before: {},
    after: effects(postings),
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
