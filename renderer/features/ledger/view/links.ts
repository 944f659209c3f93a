import type { OpenPeriod } from '../period/period'

interface RegisterTarget extends OpenPeriod {
  readonly account: string
  readonly currency?: string | undefined
}

/** The address of an account's register, of one currency and a period where they are given. */
export function registerHref(target: RegisterTarget): string {
  const { account, currency, from, to } = target
  const parts = Object.entries({ account, currency, from, to }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return `/ledger/register?${parts.join('&')}`
}

/** The address of an entry with its explanation. */
export function entryHref(entryId: string): string {
  return `/ledger/entries/${encodeURIComponent(entryId)}`
}
