import { describe, expect, it } from 'vitest'
import { cardBrand, fitsAba, fitsLuhn, ibanProblem } from './accountNumbers'

describe('card numbers', () => {
  it.each(['4242 4242 4242 4242', '5555-5555-5555-4444', '378282246310005', '6011111111111117', '79927398713'])(
    'accepts %s, whose last digit fits',
    (number) => expect(fitsLuhn(number)).toBe(true),
  )

  it('notices every single wrong digit', () => {
    const digits = [...'4242424242424242']
    for (const [place, sign] of digits.entries()) {
      for (let wrong = 0; wrong < 10; wrong++) {
        if (wrong === Number(sign)) continue
        expect(fitsLuhn(digits.with(place, String(wrong)).join(''))).toBe(false)
      }
    }
  })

  it('is no number when it holds letters or nothing', () => {
    expect(fitsLuhn('')).toBe(false)
    expect(fitsLuhn('4242 4242 4242 424x')).toBe(false)
  })

  it.each([
    ['4242424242424242', 'Visa'],
    ['2223 0031 2200 3222', 'Mastercard'],
    ['5105105105105100', 'Mastercard'],
    ['371449635398431', 'American Express'],
    ['6011000990139424', 'Discover'],
    ['3056930009020004', 'Diners Club'],
    ['3566002020360505', 'JCB'],
    ['6200000000000005', 'UnionPay'],
    ['9999', null],
  ])('knows the brand of %s', (number, brand) => expect(cardBrand(number)).toBe(brand))
})

describe('IBANs', () => {
  // Examples of the SWIFT IBAN registry.
  it.each([
    'GB29 NWBK 6016 1331 9268 19',
    'DE89370400440532013000',
    'FR14 2004 1010 0505 0001 3M02 606',
    'NO9386011117947',
    'ch9300762011623852957',
  ])('accepts %s', (iban) => expect(ibanProblem(iban)).toBeNull())

  it('tells a wrong form, a wrong length and wrong check digits apart', () => {
    expect(ibanProblem('')).toBe('form')
    expect(ibanProblem('12345678')).toBe('form')
    expect(ibanProblem('DE8937040044053201300')).toBe('length')
    expect(ibanProblem('XX82 1234')).toBe('length')
    expect(ibanProblem('DE89370400440532013001')).toBe('check')
  })

  it('holds countries without a known length to the check digits alone', () => {
    expect(ibanProblem('MU17 BOMM 0101 1010 3030 0200 000M UR')).toBeNull()
  })
})

describe('ABA routing numbers', () => {
  it('accepts the number of a Federal Reserve bank and refuses a changed digit', () => {
    expect(fitsAba('011000015')).toBe(true)
    expect(fitsAba('011000016')).toBe(false)
    expect(fitsAba('0110000')).toBe(false)
    expect(fitsAba('000000000')).toBe(false)
  })
})
