/** Digits of a number as people write it, without spaces, dots and dashes. */
function bare(text: string): string {
  return text.replace(/[\s.\-\u00a0\u202f]/g, '')
}

/** Whether the last digit of a card number fits the others (ISO/IEC 7812-1 annex B, the Luhn check). Empty text does not. */
export function fitsLuhn(text: string): boolean {
  const digits = bare(text)
  if (!/^\d+$/.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, sign, place) => {
    const doubled = Number(sign) * (place % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

const brands = [
  ['Visa', /^4/],
  ['Mastercard', /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/],
  ['American Express', /^3[47]/],
  ['Discover', /^(6011|64[4-9]|65)/],
  ['Diners Club', /^3(0[0-5]|[689])/],
  ['JCB', /^35(2[89]|[3-8])/],
  ['UnionPay', /^62/],
] as const

/** The brand whose range a card number begins in; null where it is none of the well-known ones. */
export function cardBrand(text: string): string | null {
  const digits = bare(text)
  return brands.find(([, range]) => range.test(digits))?.[0] ?? null
}

/** Lengths of an IBAN by country (SWIFT IBAN registry). Countries that are not here are held to 15 to 34 characters. */
const ibanLengths: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  RS: 22,
  SA: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TR: 26,
  UA: 29,
}

/** What is wrong with an IBAN: its form, its length for the country, or its check digits (ISO 13616, mod 97-10 of ISO 7064); null for none. */
export function ibanProblem(text: string): 'form' | 'length' | 'check' | null {
  const iban = bare(text).toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/.test(iban)) return 'form'
  const length = ibanLengths[iban.slice(0, 2)]
  if (length === undefined ? iban.length < 15 : iban.length !== length) return 'length'
  const turned = iban.slice(4) + iban.slice(0, 4)
  const rest = [...turned].reduce((remainder, sign) => {
    const value = Number.parseInt(sign, 36)
    return (remainder * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
  return rest === 1 ? null : 'check'
}

/** Whether nine digits are a routing number of the American Bankers Association: weights 3, 7, 1 sum to a multiple of ten. */
export function fitsAba(text: string): boolean {
  const digits = bare(text)
  if (!/^\d{9}$/.test(digits) || digits === '000000000') return false
  const weights = [3, 7, 1]
  return [...digits].reduce((sum, sign, place) => sum + Number(sign) * (weights[place % 3] ?? 0), 0) % 10 === 0
}
