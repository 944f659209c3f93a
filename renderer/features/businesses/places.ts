import { countryCodes } from '../../../shared/domain/country'
import { currencies } from '../../../shared/domain/currency'
import { readerLocale } from '../../components/format'

interface Option {
  readonly value: string
  readonly label: string
}

const euroCountries = 'AD AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA'.split(' ')
const otherCurrencies: Readonly<Record<string, string>> = {
  AE: 'AED',
  AR: 'ARS',
  AU: 'AUD',
  BR: 'BRL',
  CA: 'CAD',
  CH: 'CHF',
  CL: 'CLP',
  CN: 'CNY',
  CO: 'COP',
  CZ: 'CZK',
  DK: 'DKK',
  EG: 'EGP',
  GB: 'GBP',
  HK: 'HKD',
  HU: 'HUF',
  ID: 'IDR',
  IL: 'ILS',
  IN: 'INR',
  IS: 'ISK',
  JP: 'JPY',
  KE: 'KES',
  KR: 'KRW',
  KW: 'KWD',
  LI: 'CHF',
  MA: 'MAD',
  MX: 'MXN',
  MY: 'MYR',
  NG: 'NGN',
  NO: 'NOK',
  NZ: 'NZD',
  PE: 'PEN',
  PH: 'PHP',
  PK: 'PKR',
  PL: 'PLN',
  RO: 'RON',
  SA: 'SAR',
  SE: 'SEK',
  SG: 'SGD',
  TH: 'THB',
  TR: 'TRY',
  TW: 'TWD',
  UA: 'UAH',
  UY: 'UYU',
  VN: 'VND',
  ZA: 'ZAR',
}

function named(codes: readonly string[], type: 'region' | 'currency', locale: string): Option[] {
  const names = new Intl.DisplayNames(locale, { type, fallback: 'code' })
  return codes
    .map((value) => ({ value, name: names.of(value) ?? value }))
    .sort((a, b) => a.name.localeCompare(b.name, locale))
    .map(({ value, name }) => ({ value, label: type === 'currency' ? `${value} · ${name}` : name }))
}

/** Countries by their name in the reader's language. */
export function countryOptions(locale = readerLocale()): Option[] {
  return named(countryCodes, 'region', locale)
}

/** A country by its name in the reader's language; undefined for none. */
export function countryName(code: string | undefined, locale = readerLocale()): string | undefined {
  return code === undefined ? undefined : new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' }).of(code)
}

/** Currencies by code, with their name in the reader's language. */
export function currencyOptions(locale = readerLocale()): Option[] {
  return named(currencies, 'currency', locale).sort((a, b) => a.value.localeCompare(b.value))
}

/** Time zones that this machine knows, its own first. */
export function timeZoneOptions(): Option[] {
  const own = ownTimeZone()
  const zones = Intl.supportedValuesOf('timeZone')
  const all = zones.includes(own) ? zones : [own, ...zones]
  return all.map((value) => ({ value, label: value.replaceAll('_', ' ') }))
}

/** The time zone of this machine. */
export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The country in the reader's locale ("DE" of de-DE), the likely one where it names none. */
export function likelyCountry(locale = readerLocale()): string | null {
  const region = new Intl.Locale(locale).maximize().region
  return region && countryCodes.includes(region) ? region : null
}

/** The currency of a country, where it is sure; null elsewhere. */
export function currencyOf(country: string): string | null {
  if (country === 'US') return 'USD'
  return euroCountries.includes(country) ? 'EUR' : (otherCurrencies[country] ?? null)
}
