import type Stripe from 'stripe'
import type { Context } from '../context'
import { newId, newSecret } from '../ids'
import { processingFee } from '../rules/amounts'
import type { TestCard } from '../rules/cards'

/** The intent an invoice is paid through, made when it is finalized. */
export function buildIntent(ctx: Context, invoice: Stripe.Invoice): Stripe.PaymentIntent {
  const id = newId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: invoice.amount_due,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: newSecret(`${id}_secret`),
    confirmation_method: 'automatic',
    created: ctx.now,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_account: null,
    description: 'Payment for Invoice',
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: invoice.statement_descriptor,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  } satisfies Stripe.PaymentIntent
}

export function buildInvoicePayment(ctx: Context, invoice: Stripe.Invoice, intent: string): Stripe.InvoicePayment {
  return {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: ctx.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  } satisfies Stripe.InvoicePayment
}

function cardDetails(ctx: Context, amount: number, card: TestCard): Stripe.Charge.PaymentMethodDetails.Card {
  const approved = card.decline === undefined
  return {
    amount_authorized: approved ? amount : null,
    authorization_code: null,
    brand: card.brand,
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: card.decline?.code === 'incorrect_cvc' ? 'fail' : 'pass',
    },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: 12,
    exp_year: new Date(ctx.now * 1000).getUTCFullYear() + 3,
    extended_authorization: { status: 'disabled' },
    fingerprint: `practice${card.number.slice(-8)}`,
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.number.slice(-4),
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: approved ? amount : 0, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  } satisfies Stripe.Charge.PaymentMethodDetails.Card
}

/** One attempt to take the intent's money from a card. */
export function buildCharge(ctx: Context, invoice: Stripe.Invoice, intent: Stripe.PaymentIntent, card: TestCard): Stripe.Charge {
  const { decline } = card
  const approved = decline === undefined
  return {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: approved ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: invoice.customer_address,
      email: invoice.customer_email,
      name: invoice.customer_name,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: 'PRACTICE',
    captured: approved,
    created: ctx.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome:
      decline === undefined
        ? {
            advice_code: null,
            network_advice_code: null,
            network_decline_code: null,
            network_status: 'approved_by_network',
            reason: null,
            risk_level: 'normal',
            risk_score: 12,
            seller_message: 'Payment complete.',
            type: 'authorized',
          }
        : {
            advice_code: decline.advice,
            network_advice_code: null,
            network_decline_code: decline.networkDeclineCode,
            network_status: 'declined_by_network',
            reason: decline.declineCode ?? decline.code,
            risk_level: 'normal',
            risk_score: 12,
            seller_message: `The bank returned the decline code \`${decline.declineCode ?? decline.code}\`.`,
            type: 'issuer_declined',
          },
    paid: approved,
    payment_intent: intent.id,
    payment_method: newId('pm'),
    payment_method_details: { card: cardDetails(ctx, intent.amount, card), type: 'card' },
    receipt_email: null,
    receipt_number: null,
    receipt_url: approved ? (invoice.hosted_invoice_url ?? null) : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: invoice.statement_descriptor,
    statement_descriptor_suffix: null,
    status: approved ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  } satisfies Stripe.Charge
}

const SETTLEMENT = 2 * 86_400

/** The charge on the account's balance: its fee taken off, available two days later. */
export function buildChargeTransaction(ctx: Context, charge: Stripe.Charge): Stripe.BalanceTransaction {
  const fee = processingFee(charge.amount)
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount: charge.amount,
    available_on: ctx.now + SETTLEMENT,
    balance_type: 'payments',
    created: ctx.now,
    currency: charge.currency,
    description: charge.description,
    exchange_rate: null,
    fee,
    fee_details: [
      { amount: fee, application: null, currency: charge.currency, description: 'Stripe processing fees', type: 'stripe_fee' },
    ],
    net: charge.amount - fee,
    reporting_category: 'charge',
    source: charge.id,
    status: 'pending',
    type: 'charge',
  } satisfies Stripe.BalanceTransaction
}

/** The refund on the account's balance: at once, and without the fee, which Stripe keeps. */
export function buildRefundTransaction(ctx: Context, refund: Stripe.Refund): Stripe.BalanceTransaction {
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount: -refund.amount,
    available_on: ctx.now,
    balance_type: 'payments',
    created: ctx.now,
    currency: refund.currency,
    description: 'REFUND FOR CHARGE',
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: -refund.amount,
    reporting_category: 'refund',
    source: refund.id,
    status: 'available',
    type: 'refund',
  } satisfies Stripe.BalanceTransaction
}
