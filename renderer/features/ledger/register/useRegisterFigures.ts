import { addDays, isoDate } from '../../../../shared/domain/dates'
import { sumMinor } from '../../../../shared/domain/money'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { currenciesIn } from '../figures/sides'
import type { OpenPeriod } from '../period/period'

export interface RegisterFigures {
  /** Every currency that the account holds or the register is limited to. */
  readonly currencies: readonly string[]
  /** Per currency in view, debit positive: before the period, in it, after it. Null while they are on their way. */
  readonly rows: readonly RegisterFigure[] | null
  readonly isStale: boolean
  /** Whether the period has a first day, so that there is something before it. */
  readonly hasOpening: boolean
}

export interface RegisterFigure {
  readonly currency: string
  readonly opening: number
  readonly change: number
  readonly closing: number
}

interface RegisterQuery extends OpenPeriod {
  readonly account: string
  readonly currency: string | undefined
}

/** What a register comes to: the figures that statements show, read from the same kept sums. */
export function useRegisterFigures({ account, currency, from, to }: RegisterQuery): RegisterFigures {
  const { id: businessId, currency: own } = useBusiness()
  const eve = from === undefined ? undefined : dayBefore(from)
  const hasOpening = eve !== undefined
  const closing = useRead(
    'ledger.trialBalance',
    { businessId, ...(to === undefined ? {} : { asOf: to }) },
    { keepPrevious: true },
  )
  const opening = useRead(
    'ledger.trialBalance',
    { businessId, asOf: eve ?? '1900-01-01' },
    { enabled: hasOpening, keepPrevious: true },
  )
  const rowsIn = (report: typeof closing) => (report.data?.rows ?? []).filter((row) => row.account === account)
  const before = hasOpening ? rowsIn(opening) : []
  const after = rowsIn(closing)
  const asked = currency === undefined ? [] : [{ currency }]
  const currencies = currenciesIn([...before, ...after, ...asked], own)
  const known = closing.data !== undefined && (!hasOpening || opening.data !== undefined)
  const minorOf = (rows: typeof after, code: string) => rows.find((row) => row.currency === code)?.minor ?? 0
  const rows = (currency === undefined ? currencies : [currency]).map((code) => {
    const [first, last] = [minorOf(before, code), minorOf(after, code)]
    return { currency: code, opening: first, change: sumMinor([last, -first]), closing: last }
  })
  return {
    currencies,
    rows: known ? rows : null,
    isStale: closing.isPlaceholderData || (hasOpening && opening.isPlaceholderData),
    hasOpening,
  }
}

/** The day before, or undefined before the first day that the books know. */
function dayBefore(day: string): string | undefined {
  const eve = addDays(day, -1)
  return isoDate.safeParse(eve).success ? eve : undefined
}
