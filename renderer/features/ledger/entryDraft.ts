import type { Currency } from '../../../shared/domain/currency'
import { accountName } from '../../../shared/domain/ids'
import { type Money, sumMinor } from '../../../shared/domain/money'
import { words } from './words'

/** A posting as it is typed: one side is filled, the other empty. */
export interface DraftPosting {
  readonly key: string
  readonly account: string
  readonly currency: Currency
  readonly debit: number | null
  readonly credit: number | null
}

export interface DraftEntry {
  readonly occurredOn: string | null
  readonly description: string
  readonly postings: readonly DraftPosting[]
}

export interface EntryInput {
  readonly occurredOn: string
  readonly description: string
  readonly postings: readonly { readonly account: string; readonly amount: Money }[]
}

let keys = 0

export function emptyPosting(currency: Currency): DraftPosting {
  keys += 1
  return { key: `posting-${keys}`, account: '', currency, debit: null, credit: null }
}

/** The signed amount of a posting: debit positive, credit negative; null while neither side is filled. */
export function signedOf(posting: DraftPosting): number | null {
  if (posting.debit !== null) return posting.debit
  return posting.credit === null || posting.credit === 0 ? posting.credit : -posting.credit
}

/** What each currency still lacks to balance, in the order typed; balanced currencies are left out. */
export function imbalances(postings: readonly DraftPosting[]): Money[] {
  const sums = new Map<Currency, number>()
  for (const posting of postings) sums.set(posting.currency, sumMinor([sums.get(posting.currency) ?? 0, signedOf(posting) ?? 0]))
  return [...sums].filter(([, minor]) => minor !== 0).map(([currency, minor]) => ({ minor, currency }))
}

/** Fills the empty side of a posting so that its currency balances; the posting itself when it is filled already. */
export function balanceWith(postings: readonly DraftPosting[], posting: DraftPosting): DraftPosting {
  if (signedOf(posting) !== null) return posting
  const lacking = imbalances(postings).find((amount) => amount.currency === posting.currency)?.minor ?? 0
  if (lacking === 0) return posting
  return lacking > 0 ? { ...posting, credit: lacking } : { ...posting, debit: -lacking }
}

/** Nothing was typed here: the row is not sent. */
export function isBlank(posting: DraftPosting): boolean {
  return posting.account.trim() === '' && posting.debit === null && posting.credit === null
}

export type EntryCheck =
  | { readonly ok: true; readonly input: EntryInput }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> }

/** What `ledger.post` would get, or what is missing, by field: `date`, `description`, `postings`, `<key>.account`, `<key>.amount`. */
export function checkEntry(draft: DraftEntry): EntryCheck {
  const rows = draft.postings.filter((posting) => !isBlank(posting))
  const problems: Record<string, string> = {}
  if (draft.occurredOn === null) problems.date = words.dateMissing
  if (draft.description.trim() === '') problems.description = words.descriptionMissing
  for (const posting of rows) {
    if (!accountName.safeParse(posting.account.trim()).success) problems[`${posting.key}.account`] = words.accountWrong
    if ((signedOf(posting) ?? 0) === 0) problems[`${posting.key}.amount`] = words.amountMissing
  }
  const open = imbalances(rows)
  if (rows.length < 2) problems.postings = words.atLeastTwo
  else if (open.length > 0) problems.postings = words.notBalanced
  if (draft.occurredOn === null || Object.keys(problems).length > 0) return { ok: false, problems }
  return {
    ok: true,
    input: {
      occurredOn: draft.occurredOn,
      description: draft.description.trim(),
      postings: rows.map((posting) => ({
        account: posting.account.trim(),
        amount: { minor: signedOf(posting) ?? 0, currency: posting.currency },
      })),
    },
  }
}
