import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { InvoiceDocument } from '../../../../shared/domain/invoiceDocument'
import { renderInvoicePdf } from './renderInvoicePdf'

/** Bodies of a PDF's objects by number, streams inflated (ISO 32000-1, 7.3). */
function objectsOf(pdf: Buffer): Map<string, string> {
  const text = pdf.toString('latin1')
  return new Map(
    [...text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, number = '', body = '']) => {
      const [, head = '', stream] = /^([\s\S]*?)stream\n([\s\S]*?)\nendstream/.exec(body) ?? [body, body]
      if (stream === undefined) return [number, body]
      const bytes = Buffer.from(stream, 'latin1')
      return [number, head + (head.includes('FlateDecode') ? inflateSync(bytes).toString('latin1') : stream)]
    }),
  )
}

/** What a glyph of a font stands for, from its ToUnicode map (ISO 32000-1, 9.10.3). */
function glyphsOf(objects: Map<string, string>, font: string): string[] {
  const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(font) ?? '')?.[1] ?? ''
  return [...(objects.get(map) ?? '').matchAll(/<[0-9a-f]{4}> <[0-9a-f]{4}> \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').swap16().toString('utf16le')),
  )
}

/** The text of each page, one string per drawn run, as a reader would copy it. */
function pagesOf(pdf: Buffer): string[][] {
  const objects = objectsOf(pdf)
  const pages = [...objects.values()].filter((body) => /\/Type \/Page\n/.test(body))
  return pages.map((page) => {
    const resources = objects.get(/\/Resources (\d+) 0 R/.exec(page)?.[1] ?? '') ?? ''
    const fonts = new Map(
      [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', font = '']) => [name, glyphsOf(objects, font)]),
    )
    const content = objects.get(/\/Contents (\d+) 0 R/.exec(page)?.[1] ?? '') ?? ''
    let glyphs: string[] = []
    const runs: string[] = []
    for (const [, font, run] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font !== undefined) glyphs = fonts.get(font) ?? []
      if (run === undefined) continue
      const codes = [...run.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
      runs.push(codes.map((code) => glyphs[Number.parseInt(code, 16)] ?? '?').join(''))
    }
    return runs
  })
}

const text = (label: string, value: string, strong = false) => ({ label, value, strong })

const invoice: InvoiceDocument = {
  fileName: 'INV-0001.pdf',
  title: 'Invoice INV-0001',
  pageSize: 'A4',
  stamp: null,
  seller: ['Studio Nord', 'Germany'],
  billTo: ['Иван Ångström', 'Αθήνα', 'Łódź'],
  facts: [text('Date due', '14 February 2026', true)],
  lines: {
    columns: [
      { title: 'Description', align: 'left' },
      { title: 'Quantity', align: 'right' },
      { title: 'Unit price (EUR)', align: 'right' },
      { title: 'Tax', align: 'right' },
      { title: 'Amount (EUR)', align: 'right' },
    ],
    rows: [['Entwürfe', '1.5', '1,000.00', '20 %', '1,500.00']],
  },
  totals: [text('Total', 'EUR 1,800.00', true)],
  taxes: null,
  memo: null,
  payAt: null,
}

test('every word can be read in the file, in its own letters', async () => {
  const [page = []] = pagesOf(await renderInvoicePdf(invoice))
  const words = page.join('')
  for (const word of [
    'Studio Nord',
    'Иван',
    'Ångström',
    'Αθήνα',
    'Łódź',
    'Entwürfe',
    '1,500.00',
    'EUR',
    '1,800.00',
    '14',
    'February',
  ]) {
    expect(words).toContain(word)
  }
  expect(words).toMatch(/Page 1 of 1/)
})

test('fonts are embedded, whatever the reader’s machine has', async () => {
  const bodies = [...objectsOf(await renderInvoicePdf(invoice)).values()]
  const fonts = bodies.filter((body) => body.includes('/FontDescriptor') && body.includes('/FontName'))
  expect(fonts.length).toBeGreaterThan(0)
  expect(fonts.every((body) => body.includes('/FontFile2'))).toBe(true)
})

test('the stamp stands on every page, the table’s head too, and long words break', async () => {
  const rows = Array.from({ length: 80 }, (_, index) => [
    index === 0 ? 'q'.repeat(500) : `Line ${index}`,
    '1',
    '1.00',
    '',
    '1.00',
  ])
  const pages = pagesOf(await renderInvoicePdf({ ...invoice, stamp: 'DRAFT', lines: { ...invoice.lines, rows } }))
  expect(pages.length).toBeGreaterThan(2)
  for (const page of pages) expect(page.join('')).toContain('DRAFT')
  expect(pages.slice(0, 2).every((page) => page.join('').includes('Description'))).toBe(true)
  const longest = Math.max(...(pages[0] ?? []).map((run) => run.length))
  expect(longest).toBeLessThan(80)
  expect((pages[0] ?? []).join('').split('q').length - 1).toBe(500)
})

test('tax table, memo and the way to pay stand where there are any', async () => {
  const full: InvoiceDocument = {
    ...invoice,
    pageSize: 'LETTER',
    stamp: 'PAID',
    taxes: {
      columns: [
        { title: 'Tax rate', align: 'left' },
        { title: 'Net', align: 'right' },
        { title: 'Tax', align: 'right' },
      ],
      rows: [['20 %', '1,500.00', '300.00']],
    },
    memo: 'Thank you.\nSee you soon.',
    payAt: 'https://invoice.stripe.com/i/1',
  }
  const pdf = await renderInvoicePdf(full)
  const words = (pagesOf(pdf)[0] ?? []).join('')
  for (const word of ['PAID', 'Tax rate', '300.00', 'Thank', 'soon.', 'https://invoice.stripe.com/i/1'])
    expect(words).toContain(word)
  expect(pdf.toString('latin1')).toContain('/URI (https://invoice.stripe.com/i/1)')
  expect(pdf.toString('latin1')).toContain('[0 0 612 792]')
})
