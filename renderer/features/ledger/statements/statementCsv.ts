import { toDecimalString } from '../../../../shared/domain/money'
import { words as common } from '../words'
import type { SheetGroup, StatementView, TrialGroup } from './statements'
import { words } from './words'

type Lines = readonly (readonly string[])[]

function plain(minor: number | null, currency: string): string {
  return minor === null ? '' : toDecimalString({ minor, currency })
}

/** A trial balance as rows of a file: plain decimals with a point, a line of sums per currency. */
export function trialLines(groups: readonly TrialGroup[]): Lines {
  const rows = groups.flatMap(({ currency, rows: own, debit, credit }) => [
    ...own.map((row) => [row.account, currency, plain(row.debit, currency), plain(row.credit, currency)]),
    [common.total, currency, plain(debit, currency), plain(credit, currency)],
  ])
  return [[common.account, common.currency, common.debit, common.credit], ...rows]
}

/** An income statement as rows of a file, a column per month as on screen. */
export function incomeLines({ columns, groups }: StatementView): Lines {
  const rows = groups.flatMap(({ currency, sections, net }) => {
    const line = (account: string, cells: readonly number[], total: number) => [
      account,
      currency,
      ...[...cells, total].map((minor) => plain(minor, currency)),
    ]
    return [
      ...sections.flatMap((section) => [
        ...section.lines.map((own) => line(own.account, own.cells, own.total)),
        line(common.totalOf(common.types[section.type]), section.cells, section.total),
      ]),
      line(words.income.net, net.cells, net.total),
    ]
  })
  return [[common.account, common.currency, ...columns.map((column) => column.label), common.total], ...rows]
}

/** A balance sheet as rows of a file. */
export function sheetLines(groups: readonly SheetGroup[]): Lines {
  const rows = groups.flatMap(({ currency, assets, liabilities, equity, claims }) => [
    ...[assets, liabilities, equity].flatMap((section) => [
      ...section.lines.map((line) => [common.types[section.type], line.account, currency, plain(line.minor, currency)]),
      [common.types[section.type], common.totalOf(common.types[section.type]), currency, plain(section.total, currency)],
    ]),
    ['', words.sheet.totalClaims, currency, plain(claims, currency)],
  ])
  return [[common.type, common.account, common.currency, common.balance], ...rows]
}
