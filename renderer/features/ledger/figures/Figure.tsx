import { memo } from 'react'
import { moneyText } from '../../../components/format'
import { Money } from '../../../components/Money'
import { FollowLink } from '../view/Follow'
import { registerHref } from '../view/links'
import styles from './figures.module.css'
import { words } from './words'

interface FigureProps {
  readonly account: string
  readonly currency: string
  /** As it is shown; a statement shows natural signs. */
  readonly minor: number
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Shows the currency with the amount. */
  readonly withSymbol?: boolean
  /** The whole row leads where the figure leads. */
  readonly ofRow?: boolean
}

/** An amount of an account that leads to the postings behind it. Only inside Follow. */
export const Figure = memo(function Figure({
  account,
  currency,
  minor,
  from,
  to,
  withSymbol = false,
  ofRow = false,
}: FigureProps) {
  const amount = { minor, currency }
  return (
    <FollowLink
      href={registerHref({ account, currency, from, to })}
      className={ofRow ? `${styles.figure} ${styles.ofRow}` : styles.figure}
      label={words.openRegister(account, moneyText(amount))}
    >
      <Money amount={amount} bare={!withSymbol} />
    </FollowLink>
  )
})
