import type { Output } from '../../../../shared/contract'
import type { ReadDb } from '../../db'
import { bookOf } from '../books'
import { type AccountSum, compareText, inReportOrder, sumsThrough, unvaluedThrough } from './sums'

/** Income less expenses of all time, which no closing entry has moved into an equity account. */
const earningsAccount = 'equity:earnings'

type SheetRow = Output<'ledger.balanceSheet'>['rows'][number]

/**
 * Assets, liabilities and equity through a day, debit positive, with earnings to date as a row under equity. In each currency
 * assets + liabilities + equity = 0.
 */
export function balanceSheet(r: ReadDb, businessId: string, asOf: string): Output<'ledger.balanceSheet'> {
  const book = bookOf(r, businessId)
  const rows = new Map<string, SheetRow>()
  for (const sum of sumsThrough(r, book, asOf)) {
    const row = sheetRow(sum)
    const key = `${row.account} ${row.currency}`
    rows.set(key, { ...row, minor: row.minor + (rows.get(key)?.minor ?? 0) })
  }
  const shown = [...rows.values()].filter((row) => row.minor !== 0).sort(inReportOrder)
  const totals = new Map<string, Output<'ledger.balanceSheet'>['totals'][number]>()
  for (const { currency, type, minor } of shown) {
    const total = totals.get(currency) ?? { currency, assets: 0, liabilities: 0, equity: 0 }
    totals.set(currency, { ...total, [type]: total[type] + minor })
  }
  return {
    rows: shown,
    totals: [...totals.values()].sort((a, b) => compareText(a.currency, b.currency)),
    unvaluedEntries: unvaluedThrough(r, book, asOf),
  }
}

function sheetRow({ account, type, currency, minor }: AccountSum): SheetRow {
  if (type === 'income' || type === 'expenses') return { account: earningsAccount, type: 'equity', currency, minor }
  return { account, type, currency, minor }
}
