import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'
import type { Currency } from '../../shared/domain/currency'
import { moneyParts, parseTypedAmount, symbolOf } from './format'
import styles from './MoneyField.module.css'

interface MoneyFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue'> {
  readonly currency: Currency
  /** Minor units; null while what is typed is no amount. */
  readonly minor: number | null
  readonly onMinor: (minor: number | null) => void
  readonly withSymbol?: boolean
}

/** An amount as people type it, comma or point; shown in full when the field is left. */
export function MoneyField({ currency, minor, onMinor, withSymbol = true, ...rest }: MoneyFieldProps) {
  const [typing, setTyping] = useState<string | null>(null)
  const shown = typing ?? (minor === null ? '' : plain(minor, currency))
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      {...rest}
      classNames={{ input: styles.input ?? '' }}
      {...(withSymbol
        ? { leftSection: <span className={styles.symbol}>{symbolOf(currency)}</span>, leftSectionPointerEvents: 'none' as const }
        : {})}
      value={shown}
      onFocus={(event) => {
        setTyping(shown)
        event.currentTarget.select()
        rest.onFocus?.(event)
      }}
      onChange={(event) => {
        const text = event.currentTarget.value
        setTyping(text)
        onMinor(parseTypedAmount(text, currency)?.minor ?? null)
      }}
      onBlur={(event) => {
        // What is no amount stays as typed, so that it can be corrected.
        if (minor !== null || shown === '') setTyping(null)
        rest.onBlur?.(event)
      }}
    />
  )
}

function plain(minor: number, currency: Currency): string {
  const { sign, digits } = moneyParts({ minor, currency })
  return sign + digits
}
