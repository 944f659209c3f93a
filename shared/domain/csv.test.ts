import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvField, csvLine } from './csv'

const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '=', '-', '1', 'é', ' ') })

describe('CSV', () => {
  it('quotes commas, quotes and line breaks', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines'])).toBe('a,"b,c","say ""hi""","two\nlines"\r\n')
  })

  it.each(['=1+1', '+49 30', '@here', '-cmd', '\tx', '\rx'])('makes %j inert in a spreadsheet', (text) => {
    expect(csvField(text).replace(/^"/, '')).toMatch(/^'/)
  })

  it.each(['-12.50', '12.50', '0'])('leaves the number %s a number', (text) => {
    expect(csvField(text)).toBe(text)
  })

  it('is read back as it was written by another reader, and holds nothing that a spreadsheet runs', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (values) => {
        const [read] = parse(csvLine(values)) as string[][]
        expect(read?.map((value) => value.replace(/^'(?=[=+\-@\t\r])/, ''))).toEqual(
          values.map((value) => value.replace(/^'(?=[=+\-@\t\r])/, '')),
        )
        for (const value of read ?? []) expect(/^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value)).toBe(false)
      }),
    )
  })
})
