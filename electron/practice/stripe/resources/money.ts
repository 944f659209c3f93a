import type Stripe from 'stripe'
import { type Endpoint, endpoint } from '../http/endpoint'
import { invalid, parameterMissing, parametersExclusive } from '../http/errors'
import { expand, hash, int, type Keys, metadata, need, oneOf, page, range, text, unsupported } from '../http/params'
import { newId } from '../ids'
import { currency, formatAmount } from '../rules/currency'
import { applyMetadata } from '../rules/metadata'
import { listPage } from '../store/list'
import { buildRefundTransaction } from './paymentObjects'

const refundParams = {
  amount: int(1),
  charge: text(),
  currency: unsupported,
  customer: unsupported,
  expand,
  instructions_email: unsupported,
  metadata,
  origin: unsupported,
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: unsupported,
  reverse_transfer: unsupported,
} satisfies Keys<Stripe.RefundCreateParams>

const refundListParams = {
  ...page,
  charge: text(),
  created: range,
  payment_intent: text(),
} satisfies Keys<Stripe.RefundListParams>
const chargeListParams = {
  ...page,
  created: range,
  customer: text(),
  payment_intent: text(),
  transfer_group: unsupported,
} satisfies Keys<Stripe.ChargeListParams>
const intentListParams = {
  ...page,
  created: range,
  customer: text(),
  customer_account: unsupported,
} satisfies Keys<Stripe.PaymentIntentListParams>
const transactionListParams = {
  ...page,
  created: range,
  currency,
  payout: unsupported,
  source: text(),
  type: text(),
} satisfies Keys<Stripe.BalanceTransactionListParams>
const invoicePaymentListParams = {
  ...page,
  created: range,
  invoice: text(),
  payment: hash({ payment_intent: text(), payment_record: unsupported, type: need(oneOf('payment_intent')) }),
  status: oneOf('canceled', 'open', 'paid'),
} satisfies Keys<Stripe.InvoicePaymentListParams>

const only = { expand } satisfies Keys<
  Stripe.ChargeRetrieveParams & Stripe.RefundRetrieveParams & Stripe.BalanceTransactionRetrieveParams
>

function buildRefund(
  ctx: { now: number },
  charge: Stripe.Charge,
  amount: number,
  reason: Stripe.Refund.Reason | null,
): Stripe.Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: ctx.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  } satisfies Stripe.Refund
}

export const moneyEndpoints: readonly Endpoint[] = [
  endpoint('POST', '/v1/refunds', refundParams, (ctx, params) => {
    if (params.charge !== undefined && params.payment_intent !== undefined)
      throw parametersExclusive(['charge', 'payment_intent'])
    const named =
      params.payment_intent === undefined
        ? params.charge
        : (ctx.store.get('payment_intent', params.payment_intent, 'payment_intent').latest_charge ?? undefined)
    if (named === undefined) {
      if (params.payment_intent === undefined) throw parameterMissing('charge')
      throw invalid(`This PaymentIntent (${params.payment_intent}) does not have a successful charge to refund.`, {
        param: 'payment_intent',
      })
    }
    const charge = ctx.store.get('charge', String(named), 'charge')
    if (charge.status !== 'succeeded')
      throw invalid(`Charge ${charge.id} is not refundable: its status is ${charge.status}.`, {
        code: 'charge_not_refundable',
        param: 'charge',
      })
    const left = charge.amount - charge.amount_refunded
    if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
    const amount = params.amount ?? left
    if (amount > left)
      throw invalid(
        `Refund amount (${formatAmount(amount, charge.currency)}) is greater than unrefunded amount on charge (${formatAmount(left, charge.currency)})`,
        { param: 'amount' },
      )
    const refund = buildRefund(ctx, charge, amount, params.reason ?? null)
    const transaction = ctx.store.put(buildRefundTransaction(ctx, refund))
    const done = ctx.store.put({
      ...refund,
      balance_transaction: transaction.id,
      metadata: applyMetadata({}, params.metadata),
    } satisfies Stripe.Refund)
    const refunded = charge.amount_refunded + amount
    const after = ctx.store.put({
      ...charge,
      amount_refunded: refunded,
      refunded: refunded === charge.amount,
    } satisfies Stripe.Charge)
    ctx.emit('refund.created', done)
    ctx.emit('charge.refunded', after, charge)
    return done
  }),
  endpoint('GET', '/v1/refunds', refundListParams, (ctx, params) => {
    const equal = {
      type: 'refund',
      charge: ctx.store.mustExist('charge', params.charge, 'charge'),
      payment_intent: ctx.store.mustExist('payment_intent', params.payment_intent, 'payment_intent'),
    }
    return listPage(ctx.store.connection, 'object', '/v1/refunds', 'refund', { equal, created: params.created }, params)
  }),
  endpoint('GET', '/v1/refunds/:id', only, (ctx, _params, id) => ctx.store.get('refund', id)),
  endpoint('POST', '/v1/refunds/:id', { expand, metadata } satisfies Keys<Stripe.RefundUpdateParams>, (ctx, params, id) => {
    const before = ctx.store.get('refund', id)
    const refund = ctx.store.put({ ...before, metadata: applyMetadata(before.metadata ?? {}, params.metadata) })
    ctx.emit('refund.updated', refund, before)
    return refund
  }),

  endpoint('GET', '/v1/charges', chargeListParams, (ctx, params) => {
    const equal = {
      type: 'charge',
      customer: ctx.store.mustExist('customer', params.customer, 'customer'),
      payment_intent: ctx.store.mustExist('payment_intent', params.payment_intent, 'payment_intent'),
    }
    return listPage(ctx.store.connection, 'object', '/v1/charges', 'charge', { equal, created: params.created }, params)
  }),
  endpoint('GET', '/v1/charges/:id', only, (ctx, _params, id) => ctx.store.get('charge', id)),
  endpoint('GET', '/v1/charges/:id/refunds', page, (ctx, params, id) => {
    const charge = ctx.store.get('charge', id)
    const equal = { type: 'refund', charge: charge.id }
    return listPage(ctx.store.connection, 'object', `/v1/charges/${id}/refunds`, 'refund', { equal }, params)
  }),

  endpoint('GET', '/v1/payment_intents', intentListParams, (ctx, params) => {
    const equal = { type: 'payment_intent', customer: ctx.store.mustExist('customer', params.customer, 'customer') }
    return listPage(
      ctx.store.connection,
      'object',
      '/v1/payment_intents',
      'payment_intent',
      { equal, created: params.created },
      params,
    )
  }),
  endpoint(
    'GET',
    '/v1/payment_intents/:id',
    { client_secret: unsupported, expand } satisfies Keys<Stripe.PaymentIntentRetrieveParams>,
    (ctx, _params, id) => ctx.store.get('payment_intent', id),
  ),

  endpoint('GET', '/v1/balance_transactions', transactionListParams, (ctx, params) => {
    const equal = { type: 'balance_transaction', source: params.source, kind: params.type, currency: params.currency }
    return listPage(
      ctx.store.connection,
      'object',
      '/v1/balance_transactions',
      'balance transaction',
      { equal, created: params.created },
      params,
    )
  }),
  endpoint('GET', '/v1/balance_transactions/:id', only, (ctx, _params, id) => ctx.store.get('balance_transaction', id)),

  endpoint('GET', '/v1/invoice_payments', invoicePaymentListParams, (ctx, params) => {
    const equal = {
      type: 'invoice_payment',
      invoice: ctx.store.mustExist('invoice', params.invoice, 'invoice'),
      payment_intent: ctx.store.mustExist('payment_intent', params.payment?.payment_intent, 'payment[payment_intent]'),
      status: params.status,
    }
    return listPage(
      ctx.store.connection,
      'object',
      '/v1/invoice_payments',
      'invoice payment',
      { equal, created: params.created },
      params,
    )
  }),
  endpoint(
    'GET',
    '/v1/invoice_payments/:id',
    { expand } satisfies Keys<Stripe.InvoicePaymentRetrieveParams>,
    (ctx, _params, id) => ctx.store.get('invoice_payment', id),
  ),
]
