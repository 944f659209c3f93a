import type { Currency } from '../../shared/domain/currency'
import { exponentOf } from '../../shared/domain/currency'
import { formatTaxRate } from '../../shared/domain/invoiceTotals'
import { fromDecimalString, type Money, toDecimalString } from '../../shared/domain/money'

/** A text that begins something: a cell, a line of facts. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1)
}

/** The reader's own conventions for numbers and dates, whatever language the app speaks. */
export function readerLocale(): string {
  return typeof navigator === 'undefined' ? 'en-US' : navigator.language
}

const symbols = new Map<string, string>()
const caches = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const known = caches.get(key)
  if (known) return known as T
  const made = make()
  caches.set(key, made)
  return made
}

interface MoneyParts {
  /** "−" or empty: a true minus sign, so that a negative never depends on colour. */
  readonly sign: string
  /** Digits with the reader's grouping, in the currency's full exponent. */
  readonly digits: string
  /** "$", "€", "CHF": shown before the digits. */
  readonly symbol: string
}

/** An amount split for display. Exact: the decimal text is formatted, no float is made. */
export function moneyParts(amount: Money, locale = readerLocale()): MoneyParts {
  const exponent = exponentOf(amount.currency)
  const number = cached(
    `n ${locale} ${exponent}`,
    () => new Intl.NumberFormat(locale, { minimumFractionDigits: exponent, maximumFractionDigits: exponent }),
  )
  const text = toDecimalString({ minor: Math.abs(amount.minor), currency: amount.currency })
  return {
    sign: amount.minor < 0 ? '\u2212' : '',
    digits: number.format(text as Intl.StringNumericLiteral),
    symbol: symbolOf(amount.currency, locale),
  }
}

/** The reader's symbol of a currency: "$" for USD in en-US, "US$" in en-AU, "CHF" everywhere. */
export function symbolOf(currency: Currency, locale = readerLocale()): string {
  const key = `${locale} ${currency}`
  const known = symbols.get(key)
  if (known !== undefined) return known
  const parts = new Intl.NumberFormat(locale, { style: 'currency', currency }).formatToParts(0)
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? currency
  symbols.set(key, symbol)
  return symbol
}

/** "−$1,250.00" or "CHF 1,250.00": one line of text for sentences, labels and CSV-free places. */
export function moneyText(amount: Money, locale = readerLocale()): string {
  const { sign, digits, symbol } = moneyParts(amount, locale)
  return `${sign}${symbol}${/\p{L}$/u.test(symbol) ? '\u00a0' : ''}${digits}`
}

/** "14 Nov 2026" in the reader's order, for a calendar date `YYYY-MM-DD`. */
export function dateText(date: string, locale = readerLocale()): string {
  const format = cached(
    `d ${locale}`,
    () => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' }),
  )
  return format.format(Date.parse(`${date}T00:00:00Z`))
}

/** "14 Nov": for dates whose year is clear from the place. */
export function shortDateText(date: string, locale = readerLocale()): string {
  const format = cached(
    `ds ${locale}`,
    () => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }),
  )
  return format.format(Date.parse(`${date}T00:00:00Z`))
}

/** "Nov 2026" for a month `YYYY-MM`. */
export function monthText(month: string, locale = readerLocale()): string {
  const format = cached(
    `m ${locale}`,
    () => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short', year: 'numeric' }),
  )
  return format.format(Date.parse(`${month}-01T00:00:00Z`))
}

/** The zone of this machine's clock: what the vault does on its own, such as backups, goes by it and by no business. */
export function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** "14 Nov 2026, 09:30" in the business's time zone, for an instant in UTC milliseconds. */
export function instantText(at: number, timeZone: string, locale = readerLocale()): string {
  const format = cached(
    `i ${locale} ${timeZone}`,
    () => new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' }),
  )
  return format.format(at)
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const counted = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
const minuteS = 60
const hourS = 3600
const dayS = 86_400
/** From here on months say more than days. */
const monthsFromS = 120 * dayS

/**
 * "3 minutes ago", "in 2 days", "11 months ago": the distance of `at` from `now`, for a sentence in the app's own language. What lies ahead
 * is rounded, so that three days that began this second are three; what lies back counts whole units only.
 */
export function distanceText(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1000)
  const size = Math.abs(seconds)
  if (size < minuteS) return seconds > 0 ? 'in a moment' : 'just now'
  if (size >= 365 * dayS) return counted.format(Math.round(seconds / (365 * dayS)), 'year')
  if (size >= monthsFromS) return counted.format(Math.round(seconds / (30.4 * dayS)), 'month')
  const whole = seconds < 0 ? Math.trunc : Math.round
  if (size >= dayS) return relative.format(whole(seconds / dayS), 'day')
  if (size >= hourS) return relative.format(whole(seconds / hourS), 'hour')
  return relative.format(whole(seconds / minuteS), 'minute')
}

/**
 * Reads an amount as a person types it: "1250", "1,250.5", "1.250,50", "1 250,50", "$1,250". The last comma or point is the decimal sign
 * unless it stands before a group of exactly three digits and the currency or an earlier sign says it groups.
 * @returns null when it is no amount of this currency
 */
export function parseTypedAmount(typed: string, currency: Currency): Money | null {
  const bare = typed.replace(/[\s\u00a0\u202f'’]/g, '').replace(/^([-\u2212]?)[^\d.,\u2212-]+/u, '$1')
  const text = bare.replace(/[^\d]+$/u, (tail) => (tail === '.' || tail === ',' ? '' : tail))
  const match = /^([-\u2212]?)([\d.,]+)$/.exec(text)
  if (!match) return null
  const [, sign = '', body = ''] = match
  const plain = toPlainDecimal(body, exponentOf(currency))
  return plain === null ? null : fromDecimalString(`${sign === '' ? '' : '-'}${plain}`, currency)
}

function toPlainDecimal(body: string, exponent: number): string | null {
  const last = Math.max(body.lastIndexOf(','), body.lastIndexOf('.'))
  if (last === -1) return withoutLeadingZeros(body)
  const mark = body[last] ?? ''
  const whole = body.slice(0, last)
  const fraction = body.slice(last + 1)
  const repeats = whole.includes(mark)
  const groups = repeats || (fraction.length === 3 && exponent !== 3 && !/[.,]/.test(whole))
  if (groups) {
    const parts = body.split(mark)
    const wellGrouped = parts.slice(1).every((part) => /^\d{3}$/.test(part)) && /^\d{1,3}$/.test(parts[0] ?? '')
    return wellGrouped ? withoutLeadingZeros(parts.join('')) : null
  }
  const other = mark === ',' ? '.' : ','
  const wholeParts = whole.split(other)
  if (wholeParts.length > 1 && !wholeParts.slice(1).every((part) => /^\d{3}$/.test(part))) return null
  if (!/^\d*$/.test(fraction) || wholeParts.some((part) => !/^\d*$/.test(part))) return null
  return `${withoutLeadingZeros(wholeParts.join('') || '0')}.${fraction || '0'}`
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '')
}

/** A typed decimal number ("1,5" or "1.5") as the contract wants it ("1.5"); the text itself when it is none. */
export function plainDecimal(typed: string): string {
  const text = typed.trim().replace(',', '.')
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text)
  if (!match) return text
  const [, whole = '', fraction = ''] = match
  return fraction === '' ? withoutLeadingZeros(whole) : `${withoutLeadingZeros(whole)}.${fraction}`
}

/** "20" typed as per cent -> "0.2"; null when it is no number from 0 to 100 with at most 4 digits after the point. */
export function percentToRate(typed: string): string | null {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(plainDecimal(typed.replace('%', '').trim()))
  if (!match) return null
  const [, whole = '', fraction = ''] = match
  const units = BigInt(whole + fraction)
  const scale = fraction.length + 2
  if (units > 10n ** BigInt(scale)) return null
  const digits = units.toString().padStart(scale + 1, '0')
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '')
  return text === '' ? '0' : text
}

/** "0.2" -> "20", "0.075" -> "7.5": a stored rate as the per cent a person types. */
export function rateToPercent(rate: string): string {
  return formatTaxRate(rate).replace(' %', '')
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** A size as people read it: 12.3 MB. Decimal units, one digit after the point from KB on. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < byteUnits.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${byteUnits[unit]}`
}
