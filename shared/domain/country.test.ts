import { expect, test } from 'vitest'
import { countryCode, countryCodes } from './country'

test('a country is one of the codes in use, in capital letters', () => {
  expect(countryCodes).toHaveLength(250)
  expect(new Set(countryCodes).size).toBe(250)
  for (const code of countryCodes) expect(countryCode.safeParse(code).success, code).toBe(true)
  for (const code of ['ZZ', 'UK', 'EU', 'de', 'DEU', 'D', '', ' DE'])
    expect(countryCode.safeParse(code).success, code).toBe(false)
})
