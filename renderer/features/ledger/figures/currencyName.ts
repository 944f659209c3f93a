import { readerLocale } from '../../../components/format'

/** "US Dollar" for USD, in the reader's language; the code itself where no name is known. */
export function currencyName(currency: string, locale = readerLocale()): string {
  return new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' }).of(currency) ?? currency
}
