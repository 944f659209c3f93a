import { z } from 'zod'

/**
 * ISO 4217 active codes with their exponent (number of minor-unit digits).
 * Codes whose exponent is "N.A." (XAU, XDR, ...) are left out: no amount can be stated in their minor unit.
 */
const exponents: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
  ...(
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC ' +
    'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR ' +
    'KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN ' +
    'PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS ' +
    'UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG'
  )
    .split(' ')
    .map((code) => [code, 2] as const),
])

export type Currency = string

/** Every currency an amount may be stated in, sorted. */
export const currencies: readonly Currency[] = Object.keys(exponents).sort()

export function isCurrency(code: string): boolean {
  return Object.hasOwn(exponents, code)
}

/** Number of minor-unit digits of an ISO 4217 currency: 2 for USD, 0 for JPY, 3 for KWD. Throws RangeError for an unknown code. */
export function exponentOf(currency: Currency): number {
  const exponent = Object.hasOwn(exponents, currency) ? exponents[currency] : undefined
  if (exponent === undefined) throw new RangeError(`Unknown currency ${currency}`)
  return exponent
}

export const currencyCode = z
  .string()
  .length(3)
  .refine(isCurrency, { error: 'is not an ISO 4217 currency code in use (for example USD, EUR, JPY)' })
