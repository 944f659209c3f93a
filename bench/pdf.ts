import { join } from 'node:path'
import { loadPrinter } from '../electron/core/invoicing/pdf/printer'
import { beside, type Figure, holds, info, show } from './support/figure'
import { done, startHeadless } from './support/headlessApp'
import { openInProcess } from './support/inProcessApp'
import { spreadOf, timeEach } from './support/stats'

const times = 30
const lineCount = 10

/** An invoice of ten lines as PDF, beside a blank page with one word in the same embedded font. */
export const pdfFigure: Figure = {
  name: 'pdf',
  title: 'Invoice as PDF',
  async run(bench) {
    const dataDir = join(bench.folder('pdf'), 'data')
    const inside = await openInProcess(dataDir)
    const { id: businessId } = done(
      await inside.call('businesses.create', { name: 'Bench', currency: 'EUR', country: 'DE', timeZone: 'Europe/Berlin' }),
    )
    const { id: customerId } = done(
      await inside.call('customers.create', { businessId, name: 'Łucja Ångström', email: 'billing@example.com' }),
    )
    const lines = Array.from({ length: lineCount }, (_, n) => ({
      description: `Work package ${n + 1}: design, build and tests`,
      quantity: '1.5',
      unitPrice: { minor: 12_500 + n, currency: 'EUR' },
      taxRate: '0.19',
    }))
    const dueOn = '2030-01-31'
    const { id: invoiceId } = done(
      await inside.call('invoices.create', { businessId, customerId, currency: 'EUR', dueOn, lines }),
    )
    let bytes = 0
    const mine = await timeEach(times, async () => {
      bytes = Buffer.from((await inside.call('invoices.pdf', { invoiceId })).base64, 'base64').length
    })
    const printer = await loadPrinter()
    const blank = await timeEach(times, () => printer.createPdf({ content: [{ text: 'Invoice' }] }).getBuffer())
    await inside.close()
    const app = await startHeadless({ dataDir })
    try {
      const outside = await timeEach(times, () => app.call('invoices.pdf', { invoiceId }))
      const own = spreadOf(mine.each)
      const alone = spreadOf(blank.each).p50
      return [
        holds('bytes', show(bytes), bytes > 5000),
        beside(
          'invoices.pdf, in process',
          own.p50,
          alone,
          'ms',
          'a page with one word',
          `p95 ${show(own.p95)}, first ${show(mine.first)}`,
        ),
        beside('invoices.pdf, API', spreadOf(outside.each).p50, own.p50, 'ms', 'in process'),
        info('lines', show(lineCount), 'embedded Roboto'),
      ]
    } finally {
      await app.stop()
    }
  },
}
