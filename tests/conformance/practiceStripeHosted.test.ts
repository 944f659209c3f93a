import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bed, draftInvoice, openBed, openInvoice, payHosted } from './practiceStripeBed'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const pay = (url: string | null | undefined, card: string) =>
  fetch(`${url}/pay`, { method: 'POST', body: new URLSearchParams({ card }) })

describe('the hosted invoice page', () => {
  test('shows what is owed and a form that works without script, and says that it is practice', async () => {
    const { invoice } = await draftInvoice(bed.stripe, { description: 'Thank you <3', number: 'INV-<1>' })
    const open = await bed.stripe.invoices.finalizeInvoice(invoice.id)
    const answer = await fetch(open.hosted_invoice_url ?? '')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = await answer.text()
    expect(html).toContain('Practice payment page - no real money')
    for (const text of [
      'Design',
      'Hosting',
      '$750.00',
      'VAT (20%)',
      '$200.00',
      '$1,200.00',
      'March 15, 2026',
      'Ada Lovelace',
      'Open',
    ])
      expect(html).toContain(text)
    expect(html).toContain('Thank you &#60;3')
    expect(html).toContain('INV-&#60;1&#62;')
    expect(html).not.toContain('<3')
    expect(html).toMatch(/<label>Card number\s*<input name="card"/)
    expect(html).toContain(`action="${new URL(open.hosted_invoice_url ?? '').pathname}/pay"`)
    expect(html).not.toMatch(/<script|\ssrc=|href="http|\sid=/)
  })

  test('names the day on which it is due where the account stands, as its PDF does', async () => {
    // The last second of March 15th in New York, which is March 16th in UTC.
    const open = await openInvoice(bed.stripe, { due_date: Date.UTC(2026, 2, 16, 3, 59, 59) / 1000 })
    expect(await (await fetch(open.hosted_invoice_url ?? '')).text()).toContain('March 15, 2026')
    expect(await (await fetch(open.invoice_pdf ?? '')).text()).toContain('Due: 2026-03-15')
  })

  test('lets nothing in from outside', async () => {
    const open = await openInvoice(bed.stripe)
    const answer = await fetch(open.hosted_invoice_url ?? '')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    const style = /<style>([\s\S]*)<\/style>/.exec(await answer.text())?.[1] ?? ''
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64')
    expect(policy).toContain(`'sha256-${digest}'`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('cannot be guessed or reached by another path', async () => {
    const open = await openInvoice(bed.stripe)
    const url = open.hosted_invoice_url ?? ''
    for (const wrong of [
      `${url}x`,
      url.slice(0, -1),
      url.replace('/i/acct_', '/i/acct_x'),
      `${url}/pay/more`,
      `${bed.stand.url}/i/`,
      bed.stand.url,
    ])
      expect((await fetch(wrong)).status).toBe(404)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404)
  })

  test.each(['4242424242424242', '4000056655665556', '5555555555554444', '378282246310005'])('%s pays', async (card) => {
    const open = await openInvoice(bed.stripe)
    const answer = await pay(open.hosted_invoice_url, card)
    expect(answer.status).toBe(200)
    const html = await answer.text()
    expect(html).toContain('Paid. Thank you!')
    expect(html).not.toContain('<form')
    expect((await bed.stripe.invoices.retrieve(open.id)).status).toBe('paid')
  })

  test.each([
    ['4000000000000002', 'card_declined', 'generic_decline'],
    ['4000000000009995', 'card_declined', 'insufficient_funds'],
    ['4000000000009987', 'card_declined', 'lost_card'],
    ['4000000000009979', 'card_declined', 'stolen_card'],
    ['4000000000000069', 'expired_card', undefined],
    ['4000000000000127', 'incorrect_cvc', undefined],
    ['4000000000000119', 'processing_error', undefined],
  ])('%s is declined: %s %s', async (card, code, reason) => {
    const open = await openInvoice(bed.stripe)
    const answer = await pay(open.hosted_invoice_url, card)
    expect(answer.status).toBe(402)
    expect(await answer.text()).toContain((reason ?? code).replaceAll('_', ' '))
    expect((await payHosted(open, card)).body).toMatchObject({ status: 'open', error: { type: 'card_error', code } })
    const [charge] = (await bed.stripe.charges.list({ customer: String(open.customer) })).data
    expect(charge).toMatchObject({
      status: 'failed',
      failure_code: code,
      outcome: { reason: reason ?? code, type: 'issuer_declined' },
    })
    expect((await bed.stripe.invoices.retrieve(open.id)).status).toBe('open')
  })

  test('a number that is no test card is refused before anything is kept', async () => {
    const open = await openInvoice(bed.stripe)
    expect((await payHosted(open, '4111111111111111')).body.error).toMatchObject({ decline_code: 'test_mode_live_card' })
    for (const wrong of ['4242424242424241', '', 'abc', '4242'])
      expect(await payHosted(open, wrong)).toMatchObject({ status: 402, body: { error: { code: 'incorrect_number' } } })
    expect((await bed.stripe.charges.list({ customer: String(open.customer) })).data).toEqual([])
  })

  test('paying twice, also at once, charges once', async () => {
    const open = await openInvoice(bed.stripe)
    const answers = await Promise.all(Array.from({ length: 10 }, () => payHosted(open)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)])
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      status: 'paid',
      error: { code: 'invoice_already_paid' },
    })
    expect((await bed.stripe.charges.list({ customer: String(open.customer) })).data).toHaveLength(1)
    const html = await (await pay(open.hosted_invoice_url, '4242424242424242')).text()
    expect(html).toContain('already paid')
  })

  test('the PDF is one, and says that it is practice', async () => {
    const open = await openInvoice(bed.stripe)
    const answer = await fetch(open.invoice_pdf ?? '')
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    const text = Buffer.from(await answer.arrayBuffer()).toString('latin1')
    expect(text.startsWith('%PDF-1.4')).toBe(true)
    expect(text).toContain('NO REAL MONEY')
    expect(text).toContain('Total: $1,200.00')
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1])
    expect(text.slice(start, start + 4)).toBe('xref')
  })

  test('zero- and three-decimal currencies are written as they are', async () => {
    const customer = await bed.stripe.customers.create({ email: 'a@example.com' })
    const shown = async (currency: string) => {
      const draft = await bed.stripe.invoices.create({
        customer: customer.id,
        currency,
        collection_method: 'send_invoice',
        days_until_due: 1,
      })
      await bed.stripe.invoices.addLines(draft.id, { lines: [{ amount: 123_450 }] })
      const open = await bed.stripe.invoices.finalizeInvoice(draft.id)
      return (await fetch(open.hosted_invoice_url ?? '')).text()
    }
    expect(await shown('jpy')).toContain('¥123,450<')
    expect(await shown('kwd')).toMatch(/KWD\s123\.450</)
    expect(await shown('eur')).toContain('€1,234.50<')
  })
})
