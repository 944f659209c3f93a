import type { Input, ProcedureName, Reply } from '../../../shared/contract/index'
import { addDays, dateIn } from '../../../shared/domain/dates'
import { done } from './done'
import { type Planned, type PlannedInvoice, planYear, practiceCustomers } from './plan'
import { PracticeVault } from './vaultYear'

/** What the practice year is made with: public procedures, a simulated clock and the practice provider's own payment page. */
export interface YearDriver {
  /** @param token of whom it is called; the owner when left out */
  call<N extends ProcedureName>(name: N, input: Input<N>, token?: string): Promise<Reply<N>>
  /** Moves the simulated clock to an instant (UTC epoch milliseconds); never back. */
  setTime(at: number): void
  /** Lets the outbox send what is due and applies what the providers tell. */
  settle(): Promise<void>
  /** Types a card number into the hosted invoice page. */
  pay(hostedInvoiceUrl: string, card: string): Promise<void>
  onProgress(step: string, done: number, total: number): void
}

export const practiceBusiness = {
  name: 'Alder & Finch Studio',
  currency: 'USD',
  country: 'US',
  timeZone: 'America/New_York',
} as const

const dayMs = 86_400_000
const goodCard = '4242424242424242'
const decliningCard = '4000000000000002'

interface Step {
  readonly on: string
  run(): Promise<void>
}

/**
 * Makes a business with a year of believable books by doing, day by day, what an owner would have done.
 * @param keys the practice provider's key and its webhook signing secret
 * @param now the instant at which the year ends, UTC epoch milliseconds
 */
export async function makePracticeYear(
  driver: YearDriver,
  keys: { readonly secretKey: string; readonly webhookSecret: string },
  now: number,
): Promise<void> {
  const today = dateIn(practiceBusiness.timeZone, now)
  const noonOf = (date: string) => now - dayMs - (Date.parse(addDays(today, -1)) - Date.parse(date))
  driver.setTime(noonOf(addDays(today, -366)))
  const business = done(await driver.call('businesses.create', practiceBusiness))
  await driver.call('integrations.connect', { businessId: business.id, provider: 'stripe', ...keys })
  const customerIds: string[] = []
  for (const { name, email, line1, city, postalCode, country, ...rest } of practiceCustomers) {
    const state = 'state' in rest ? { state: rest.state } : {}
    const address = { line1, city, postalCode, country, ...state }
    customerIds.push(done(await driver.call('customers.create', { businessId: business.id, name, email, address })).id)
  }
  await driver.call('ledger.post', {
    businessId: business.id,
    requestId: 'practice-opening',
    occurredOn: addDays(today, -366),
    description: 'Opening balance of the bank account',
    postings: [
      { account: 'assets:bank', amount: { minor: 9_600_000, currency: 'USD' } },
      { account: 'equity:opening-balances', amount: { minor: -9_600_000, currency: 'USD' } },
    ],
  })

  const year = new Year(driver, business.id, customerIds)
  const vault = new PracticeVault(driver, business.id, today)
  const queue = [...planYear(today).map((planned) => year.stepOf(planned)), ...vault.steps()]
  let total = queue.length
  for (let index = 0; queue.length > 0; index++) {
    queue.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
    const step = queue.shift() as Step
    driver.setTime(Math.min(now, noonOf(step.on) + (index % 500) * 1000))
    await step.run()
    const later = year.takeLater()
    total += later.length
    queue.push(...later)
    driver.onProgress(`Living ${step.on.slice(0, 7)}`, index + 1, total)
  }
  driver.setTime(now)
  await year.draftOfToday(addDays(today, 14))
  await driver.settle()
}

class Year {
  readonly #driver: YearDriver
  readonly #businessId: string
  readonly #customerIds: readonly string[]
  #later: Step[] = []
  #count = 0

  constructor(driver: YearDriver, businessId: string, customerIds: readonly string[]) {
    this.#driver = driver
    this.#businessId = businessId
    this.#customerIds = customerIds
  }

  takeLater(): Step[] {
    const steps = this.#later
    this.#later = []
    return steps
  }

  stepOf(planned: Planned): Step {
    const businessId = this.#businessId
    switch (planned.kind) {
      case 'rate':
        return {
          on: planned.on,
          run: async () =>
            void (await this.#driver.call('rates.set', {
              businessId,
              base: 'EUR',
              quote: 'USD',
              on: planned.on,
              rate: planned.rate,
            })),
        }
      case 'cost':
        return { on: planned.on, run: () => this.#postCost(planned.on, planned.account, planned.minor, planned.description) }
      case 'invoice':
        return { on: planned.on, run: () => this.#send(planned) }
    }
  }

  async #postCost(occurredOn: string, account: string, minor: number, description: string): Promise<void> {
    await this.#driver.call('ledger.post', {
      businessId: this.#businessId,
      requestId: `practice-${occurredOn}-${account}`,
      occurredOn,
      description,
      postings: [
        { account, amount: { minor, currency: 'USD' } },
        { account: 'assets:bank', amount: { minor: -minor, currency: 'USD' } },
      ],
    })
  }

  async #draft(planned: Pick<PlannedInvoice, 'customer' | 'currency' | 'lines' | 'dueOn'>): Promise<string> {
    const { customer, currency, lines, dueOn } = planned
    const invoice = done(
      await this.#driver.call('invoices.create', {
        businessId: this.#businessId,
        customerId: this.#customerIds[customer] as string,
        currency,
        dueOn,
        lines: lines.map(({ unitPrice, taxRate, ...line }) => ({
          ...line,
          unitPrice: { minor: unitPrice, currency },
          ...(taxRate === null ? {} : { taxRate }),
        })),
      }),
    )
    return invoice.id
  }

  async draftOfToday(dueOn: string): Promise<void> {
    const line = { description: 'Brand guidelines, second edition', quantity: '1', unitPrice: 280_000, taxRate: '0.0625' }
    await this.#draft({ customer: 0, currency: 'USD', lines: [line], dueOn })
  }

  async #send(planned: PlannedInvoice): Promise<void> {
    const invoiceId = await this.#draft(planned)
    await this.#driver.call('invoices.send', { invoiceId, requestId: `practice-send-${++this.#count}` })
    await this.#driver.settle()
    if (planned.ending === 'open') return
    this.#later.push({ on: planned.paidOn, run: () => this.#finish(invoiceId, planned) })
  }

  async #finish(invoiceId: string, planned: PlannedInvoice): Promise<void> {
    if (planned.ending === 'void') {
      await this.#driver.call('invoices.void', { invoiceId, reason: 'Sent to the wrong customer' })
      return this.#driver.settle()
    }
    const { hostedInvoiceUrl } = await this.#driver.call('invoices.get', { invoiceId })
    if (hostedInvoiceUrl === null) throw new Error('A sent practice invoice has no payment page')
    if (planned.ending === 'declined then paid') await this.#driver.pay(hostedInvoiceUrl, decliningCard)
    await this.#driver.pay(hostedInvoiceUrl, goodCard)
    await this.#driver.settle()
    if (planned.ending === 'refunded' || planned.ending === 'refunded in part') {
      this.#later.push({ on: addDays(planned.paidOn, 1), run: () => this.#refund(invoiceId, planned.ending === 'refunded') })
    }
  }

  async #refund(invoiceId: string, whole: boolean): Promise<void> {
    const { items } = await this.#driver.call('payments.list', { businessId: this.#businessId, invoiceId })
    const payment = items[0]
    if (payment === undefined) throw new Error('A paid practice invoice has no payment')
    const minor = whole ? payment.amount.minor : Math.floor(payment.amount.minor / 4)
    if (minor > 1_000_000) return
    await this.#driver.call('payments.requestRefund', {
      requestId: `practice-refund-${invoiceId}`,
      paymentId: payment.id,
      amount: { minor, currency: payment.amount.currency },
      reason: whole ? 'Project cancelled before it began' : 'Scope reduced by agreement',
    })
    await this.#driver.settle()
  }
}
