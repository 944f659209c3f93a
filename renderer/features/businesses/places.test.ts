import { describe, expect, it } from 'vitest'
import { countryCode } from '../../../shared/domain/country'
import { currencyCode } from '../../../shared/domain/currency'
import { timeZoneName } from '../../../shared/domain/dates'
import { countryOptions, currencyOf, currencyOptions, likelyCountry, timeZoneOptions } from './places'

describe('places', () => {
  it('offers only what the contract takes', () => {
    for (const { value } of countryOptions('en')) expect(countryCode.safeParse(value).success).toBe(true)
    for (const { value } of currencyOptions('en')) expect(currencyCode.safeParse(value).success).toBe(true)
    for (const { value } of timeZoneOptions()) expect(timeZoneName.safeParse(value).success, value).toBe(true)
  })

  it('offers each country once, by name', () => {
    const options = countryOptions('en')
    expect(new Set(options.map((option) => option.value)).size).toBe(options.length)
    expect(options.length).toBe(250)
    expect(options.find((option) => option.value === 'DE')?.label).toBe('Germany')
  })

  it('knows currencies that exist, for countries that exist', () => {
    for (const { value } of countryOptions('en')) {
      const currency = currencyOf(value)
      if (currency !== null) expect(currencyCode.safeParse(currency).success, value).toBe(true)
    }
    expect(currencyOf('DE')).toBe('EUR')
    expect(currencyOf('BG')).toBe('EUR')
    expect(currencyOf('US')).toBe('USD')
    expect(currencyOf('AQ')).toBeNull()
  })

  it('guesses the country from the locale', () => {
    expect(likelyCountry('de-CH')).toBe('CH')
    expect(likelyCountry('fr')).toBe('FR')
  })
})
