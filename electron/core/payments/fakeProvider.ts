import type { Money } from '../../../shared/domain/money'
import type {
  GatewayOutcome,
  IssuedInvoice,
  IssueInvoiceRequest,
  PaymentGateway,
  ProviderInvoice,
  ProviderPayment,
  ProviderRefund,
  RefundRequest,
} from '../ports/paymentGateway'

type Failure = Exclude<GatewayOutcome<never>, { readonly kind: 'succeeded' | 'pending' }>

const lost: Failure = { kind: 'uncertain', message: 'The connection was lost.' }

/**
 * A provider in memory that keeps what it was told, answers a repeated key with the first answer, and can lose its answer after acting.
 * For tests only.
 */
export class FakeProvider implements PaymentGateway {
  readonly #clock: { now(): number }
  readonly #answers = new Map<string, GatewayOutcome<unknown>>()
  readonly #invoices = new Map<string, ProviderInvoice>()
  readonly #refunds = new Map<string, ProviderRefund>()
  readonly issued: IssueInvoiceRequest[] = []
  readonly refunded: RefundRequest[] = []
  /** Answers that the next calls get without anything being done. */
  failures: Failure[] = []
  /** Answers of the next calls that are lost after acting. */
  losesAnswers = 0
  /** How new refunds begin. */
  refundsBegin: 'succeeded' | 'pending' = 'succeeded'
  refundFee: Money | null = null
  /** What it would refuse every invoice for. */
  problem: string | null = null
  /** Called when the provider has acted and has not answered yet. */
  afterActing: () => void = () => undefined

  constructor(clock: { now(): number }) {
    this.#clock = clock
  }

  #once<T>(key: string, act: () => GatewayOutcome<T>): GatewayOutcome<T> {
    const failure = this.failures.shift()
    if (failure !== undefined) return failure
    const answer = (this.#answers.get(key) as GatewayOutcome<T> | undefined) ?? act()
    this.#answers.set(key, answer)
    this.afterActing()
    if (this.losesAnswers > 0) {
      this.losesAnswers -= 1
      return lost
    }
    return answer
  }

  invoiceProblem(): string | null {
    return this.problem
  }

  invoice(ref: string): ProviderInvoice {
    const invoice = this.#invoices.get(ref)
    if (invoice === undefined) throw new Error(`The provider has no invoice ${ref}`)
    return invoice
  }

  refundState(ref: string): ProviderRefund {
    const refund = this.#refunds.get(ref)
    if (refund === undefined) throw new Error(`The provider has no refund ${ref}`)
    return refund
  }

  refOf(invoiceId: string): string {
    return `in_${invoiceId}`
  }

  get refunds(): ProviderRefund[] {
    return [...this.#refunds.values()]
  }

  get invoices(): ProviderInvoice[] {
    return [...this.#invoices.values()]
  }

  change(ref: string, change: Partial<ProviderInvoice>): void {
    this.#invoices.set(ref, { ...this.invoice(ref), ...change })
  }

  changeRefund(ref: string, change: Partial<ProviderRefund>): void {
    this.#refunds.set(ref, { ...this.refundState(ref), ...change })
  }

  /** The customer pays, wholly or in part. */
  pay(
    ref: string,
    options: {
      readonly minor?: number
      readonly fee?: Money | null
      readonly settlement?: ProviderPayment['settlement']
      readonly at?: number
    } = {},
  ): string {
    const invoice = this.invoice(ref)
    const { currency } = invoice.total
    const minor = options.minor ?? invoice.total.minor - invoice.amountPaid.minor
    const paymentRef = `pi_${ref}_${invoice.payments.length + 1}`
    const fee = options.fee ?? null
    const payment: ProviderPayment = {
      paymentRef,
      amount: { minor, currency },
      receivedAt: options.at ?? this.#clock.now(),
      settlement:
        options.settlement ??
        (fee === null ? null : { fee, net: { minor: minor - fee.minor, currency: fee.currency }, exchangeRate: null }),
    }
    const amountPaid = invoice.amountPaid.minor + minor
    this.change(ref, {
      payments: [...invoice.payments, payment],
      amountPaid: { minor: amountPaid, currency },
      status: amountPaid >= invoice.total.minor ? 'paid' : invoice.status,
    })
    return paymentRef
  }

  /** The provider tells later what it kept. */
  settlePayment(ref: string, settlement: NonNullable<ProviderPayment['settlement']>): void {
    this.change(ref, { payments: this.invoice(ref).payments.map((payment) => ({ ...payment, settlement })) })
  }

  /** A refund made in the provider's own dashboard. */
  dashboardRefund(paymentRef: string, amount: Money, status: ProviderRefund['status'] = 'succeeded'): string {
    const refundRef = `re_dash_${this.#refunds.size + 1}`
    const createdAt = this.#clock.now()
    this.#refunds.set(refundRef, {
      refundRef,
      refundId: null,
      paymentRef,
      amount,
      status,
      failureReason: null,
      createdAt,
      fee: this.refundFee,
    })
    return refundRef
  }

  async issueInvoice(request: IssueInvoiceRequest): Promise<GatewayOutcome<IssuedInvoice>> {
    this.issued.push(request)
    return this.#once(request.idempotencyKey, () => {
      const invoiceRef = this.refOf(request.invoiceId)
      const hostedInvoiceUrl = `http://127.0.0.1:4000/i/${invoiceRef}`
      this.#invoices.set(invoiceRef, {
        invoiceRef,
        invoiceId: request.invoiceId,
        status: 'open',
        hostedInvoiceUrl,
        total: request.total,
        amountPaid: { minor: 0, currency: request.currency },
        payments: [],
      })
      return { kind: 'succeeded', value: { invoiceRef, customerRef: `cus_of_${request.customer.id}`, hostedInvoiceUrl } }
    })
  }

  async voidInvoice(request: { invoiceRef: string; idempotencyKey: string }): Promise<GatewayOutcome<ProviderInvoice>> {
    return this.#once(request.idempotencyKey, () => {
      if (this.invoice(request.invoiceRef).status === 'paid') {
        return { kind: 'declined', code: 'invoice_paid', message: 'You can only void an open invoice.' }
      }
      this.change(request.invoiceRef, { status: 'void' })
      return { kind: 'succeeded', value: this.invoice(request.invoiceRef) }
    })
  }

  async withdrawInvoice(request: { invoiceId: string; idempotencyKey: string }): Promise<GatewayOutcome<ProviderInvoice | null>> {
    return this.#once(request.idempotencyKey, () => {
      const held = this.#invoices.get(this.refOf(request.invoiceId))
      if (held?.status === 'open') this.change(held.invoiceRef, { status: 'void' })
      return { kind: 'succeeded', value: this.#invoices.get(this.refOf(request.invoiceId)) ?? null }
    })
  }

  async refund(request: RefundRequest): Promise<GatewayOutcome<ProviderRefund>> {
    this.refunded.push(request)
    return this.#once(request.idempotencyKey, () => {
      const refundRef = `re_${request.refundId}`
      this.#refunds.set(refundRef, {
        refundRef,
        refundId: request.refundId,
        paymentRef: request.paymentRef,
        amount: request.amount,
        status: this.refundsBegin,
        failureReason: null,
        createdAt: this.#clock.now(),
        fee: this.refundFee,
      })
      return { kind: this.refundsBegin, value: this.refundState(refundRef) }
    })
  }

  async checkAccount() {
    return { kind: 'succeeded', value: { accountId: 'acct_test', livemode: false } } as const
  }
  async readInvoice(ref: string) {
    return { kind: 'succeeded', value: this.invoice(ref) } as const
  }
  async readRefund(ref: string) {
    return { kind: 'succeeded', value: this.refundState(ref) } as const
  }
  async invoiceOf() {
    return { kind: 'succeeded', value: null } as const
  }
  async listRefunds() {
    return { kind: 'succeeded', value: this.refunds } as const
  }
  async listEvents() {
    return { kind: 'succeeded', value: { events: [], nextCursor: null } } as const
  }
  async listInvoices() {
    return { kind: 'succeeded', value: { invoiceRefs: [], nextCursor: null } } as const
  }
}
