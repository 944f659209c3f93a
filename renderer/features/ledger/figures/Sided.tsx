import { Money } from '../../../components/Money'
import { words as common } from '../words'
import figures from './figures.module.css'
import { words } from './words'

interface SidedProps {
  /** Debit positive, credit negative. */
  readonly amount: { readonly minor: number; readonly currency: string }
  readonly size?: 'normal' | 'large'
}

/** A balance with the side it stands on, as in a printed book: no sign to misread. */
export function Sided({ amount, size = 'normal' }: SidedProps) {
  const { minor, currency } = amount
  return (
    <>
      <Money amount={{ minor: Math.abs(minor), currency }} quiet={minor === 0} size={size} />
      <abbr className={figures.sideMark} title={minor === 0 ? words.settled : minor > 0 ? common.debit : common.credit}>
        {minor === 0 ? '' : minor > 0 ? words.debitShort : words.creditShort}
      </abbr>
    </>
  )
}
