import { formatMoney, type Money } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'

/** Sum of the amounts of each currency, exact. */
export function sumsByCurrency(amounts: Iterable<Money>): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { currency, minor } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(minor))
  return sums
}

/** Sum of the debits of each currency, exact. */
export function debitsByCurrency(amounts: Iterable<Money>): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { currency, minor } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(Math.max(minor, 0)))
  return sums
}

/**
 * What keeps amounts from being an entry: fewer than two, more than 200, or a currency that does not sum to zero.
 * @returns a clause for a sentence ("its debits and credits in USD differ by USD 1.00"), or null
 */
export function imbalance(amounts: readonly Money[]): string | null {
  if (amounts.length < 2) return 'it has fewer than two postings'
  if (amounts.length > 200) return 'it has more than 200 postings'
  for (const [currency, sum] of sumsByCurrency(amounts)) {
    if (sum === 0n) continue
    const minor = Number(sum < 0n ? -sum : sum)
    const by = Number.isSafeInteger(minor) ? ` by ${formatMoney({ minor, currency })}` : ''
    return `its debits and credits in ${currency} differ${by}`
  }
  return null
}

/** @throws AppError invalid_input when the amounts are no balanced entry, or move nothing at all */
export function assertBalanced(amounts: readonly Money[]): void {
  const reason = imbalance(amounts)
  if (reason === null) {
    if (amounts.some(({ minor }) => minor !== 0)) return
    throw new AppError(
      'invalid_input',
      'The entry was not posted: every amount in it is zero. Give at least two lines an amount.',
    )
  }
  throw new AppError(
    'invalid_input',
    `The entry was not posted: ${reason}. Debits are positive, credits negative, and each currency must sum to zero.`,
  )
}
