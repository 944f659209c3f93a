import type { JournalEntry } from '../../../../shared/contract/ledger'
import { sumMinor } from '../../../../shared/domain/money'
import { useBusiness } from '../../../app/BusinessProvider'
import { Money, UnknownMoney } from '../../../components/Money'
import { AccountLink } from '../figures/AccountLink'
import { Sided } from '../figures/Sided'
import { currenciesIn } from '../figures/sides'
import { useFigureKeys } from '../figures/useFigureKeys'
import { words as common } from '../words'
import styles from './entry.module.css'
import { words } from './words'

/** The lines of an entry in debit and credit, closed per currency; each account leads to its register. */
export function EntryPostings({ entry }: { readonly entry: JournalEntry }) {
  const { currency: own } = useBusiness()
  const keys = useFigureKeys()
  const { postings } = entry
  const amounts = postings.map((posting) => posting.amount)
  const withBase = amounts.some((amount) => amount.currency !== own)
  const sums = currenciesIn(amounts, own).map((currency) => ({
    currency,
    minor: sumMinor(amounts.filter((amount) => amount.currency === currency && amount.minor > 0).map((amount) => amount.minor)),
  }))
  return (
    <div {...keys} className={styles.postingsFrame}>
      <table className={styles.postings}>
        <thead>
          <tr>
            <th scope="col">{common.account}</th>
            <th scope="col">{common.debit}</th>
            <th scope="col">{common.credit}</th>
            {withBase ? <th scope="col">{words.base(own)}</th> : null}
          </tr>
        </thead>
        <tbody>
          {postings.map(({ account, amount, base }, at) => {
            const size = <Money amount={{ ...amount, minor: Math.abs(amount.minor) }} />
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: an account may recur; the lines of an entry never change
              <tr key={at}>
                <th scope="row">
                  <AccountLink account={account} currency={amount.currency} />
                </th>
                <td>{amount.minor >= 0 ? size : null}</td>
                <td>{amount.minor < 0 ? size : null}</td>
                {withBase ? <td>{base ? <Sided amount={base} /> : <UnknownMoney why={words.noBase} />}</td> : null}
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          {sums.map((sum) => (
            <tr key={sum.currency}>
              <th scope="row">{common.total}</th>
              <td>
                <Money amount={sum} />
              </td>
              <td>
                <Money amount={sum} />
              </td>
              {withBase ? <td /> : null}
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  )
}
