import { invalid } from '../http/errors'
import type { Param } from '../http/params'

/** Presentment currencies of docs.stripe.com/currencies. */
const SUPPORTED = new Set(
  (
    'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc ' +
    'cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr ' +
    'kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen ' +
    'pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu ' +
    'uzs vnd vuv wst xaf xcd xof xpf yer zar zmw'
  ).split(' '),
)
/** Stripe writes ISK and UGX with two decimals although ISO 4217 gives them none, so they are not listed here. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))

/** A lowercase ISO code that Stripe knows; anything else is refused. */
export const currency: Param<string | undefined> = {
  read(raw, name) {
    if (raw === undefined) return undefined
    if (typeof raw === 'string' && SUPPORTED.has(raw)) return raw
    throw invalid(
      `Invalid currency: ${typeof raw === 'string' ? raw.slice(0, 20) : name}. Stripe takes three-letter ISO codes in lowercase; it supports: ${[...SUPPORTED].join(', ')}`,
      { param: name },
    )
  },
}

export function exponentOf(code: string): 0 | 2 | 3 {
  if (ZERO_DECIMAL.has(code)) return 0
  return THREE_DECIMAL.has(code) ? 3 : 2
}

/** For people: `$1,250.00`. Exact: the amount reaches the formatter as decimal text, never as a float. */
export function formatAmount(minor: number, code: string): string {
  const exponent = exponentOf(code)
  const digits = Math.abs(minor)
    .toString()
    .padStart(exponent + 1, '0')
  const at = digits.length - exponent
  const plain = `${minor < 0 ? '-' : ''}${digits.slice(0, at)}${exponent === 0 ? '' : `.${digits.slice(at)}`}`
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: code.toUpperCase(),
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(plain as Intl.StringNumericLiteral)
}

/** The largest charge Stripe takes: eight digits, more for these currencies (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const MAX_DIGITS: Record<string, number> = { idr: 12, cop: 10, huf: 10, jpy: 10, lbp: 10, inr: 9 }
export function maxCharge(code: string): number {
  return 10 ** (MAX_DIGITS[code] ?? 8) - 1
}

/** A charge must be a multiple of this: the last digit of three-decimal currencies is 0, ISK and UGX have no fractions (same source). */
export function chargeStep(code: string): number {
  if (THREE_DECIMAL.has(code)) return 10
  return code === 'isk' || code === 'ugx' ? 100 : 1
}

/** The smallest charge of a currency that Stripe publishes one for (same source); of any other currency everything above zero is taken. */
const MIN_CHARGE: Record<string, number> = {
  ...{ aed: 200, ars: 50, aud: 50, brl: 50, cad: 50, chf: 50, cop: 50, czk: 1500, dkk: 250, eur: 50, gbp: 30, hkd: 400 },
  ...{ huf: 17_500, idr: 50, ils: 50, inr: 50, jpy: 50, krw: 50, mxn: 1000, myr: 200, nok: 300, nzd: 50, php: 50, pln: 200 },
  ...{ ron: 200, rub: 50, sek: 300, sgd: 50, thb: 1000, usd: 50, zar: 50 },
}
export function minCharge(code: string): number {
  return MIN_CHARGE[code] ?? 0
}
