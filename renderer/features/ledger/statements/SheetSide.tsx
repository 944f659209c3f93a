import type { Output } from '../../../../shared/contract/index'
import { AccountPath } from '../figures/AccountPath'
import { Figure } from '../figures/Figure'
import { TotalFigure } from '../figures/TotalFigure'
import { useFigureKeys } from '../figures/useFigureKeys'
import styles from '../table.module.css'
import { words as common } from '../words'
import sheet from './sheet.module.css'
import { earningsAccount, earningsParts, type SheetLine, type SheetSection } from './statements'
import { words } from './words'

interface SheetSideProps {
  readonly sections: readonly SheetSection[]
  readonly currency: string
  readonly asOf: string
  readonly trial: Output<'ledger.trialBalance'> | undefined
  readonly total: { readonly name: string; readonly minor: number }
}

/** One side of a balance sheet, closed by its total. */
export function SheetSide({ sections, currency, asOf, trial, total }: SheetSideProps) {
  const keys = useFigureKeys()
  const several = sections.length > 1
  const parts = (lines: readonly SheetLine[]) =>
    lines.flatMap((line) =>
      (line.account === earningsAccount && trial ? earningsParts(trial, currency) : [line]).map((part) => ({
        ...part,
        to: asOf,
      })),
    )
  return (
    <div {...keys} className={sheet.side}>
      <table className={styles.table} aria-label={sections.map((section) => common.types[section.type]).join(', ')}>
        {sections.map((section) => (
          <tbody key={section.type}>
            <tr>
              <th scope="rowgroup" colSpan={2} className={styles.section}>
                {common.types[section.type]}
              </th>
            </tr>
            {section.lines.map((line) => (
              <tr key={line.account} className={styles.line}>
                <th scope="row" className={styles.name}>
                  {line.account === earningsAccount ? words.sheet.earnings : <AccountPath account={line.account} bare />}
                </th>
                <td className={styles.value}>
                  {line.account === earningsAccount ? (
                    <TotalFigure what={words.sheet.earnings} minor={line.minor} currency={currency} parts={() => parts([line])} />
                  ) : (
                    <Figure account={line.account} currency={currency} minor={line.minor} to={asOf} ofRow />
                  )}
                </td>
              </tr>
            ))}
            {section.lines.length === 0 ? (
              <tr className={styles.line}>
                <th scope="row" className={`${styles.name} ${styles.zero}`}>
                  {words.sheet.noLines}
                </th>
                <td className={styles.value} />
              </tr>
            ) : null}
            {several ? (
              <tr>
                <th scope="row" className={styles.sumName}>
                  {common.totalOf(common.types[section.type])}
                </th>
                <td className={styles.sumValue}>
                  <TotalFigure
                    what={common.totalOf(common.types[section.type])}
                    minor={section.total}
                    currency={currency}
                    parts={() => parts(section.lines)}
                    ruled="single"
                  />
                </td>
              </tr>
            ) : null}
          </tbody>
        ))}
      </table>
      <table className={`${styles.table} ${sheet.close}`} aria-label={total.name}>
        <tbody>
          <tr>
            <th scope="row" className={styles.grandName}>
              {total.name}
            </th>
            <td className={styles.grandValue}>
              <TotalFigure
                what={total.name}
                minor={total.minor}
                currency={currency}
                parts={() => parts(sections.flatMap((section) => section.lines))}
                withSymbol
                ruled="double"
              />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}
