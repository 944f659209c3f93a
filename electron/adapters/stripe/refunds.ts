import type Stripe from 'stripe'
import type { GatewayOutcome, ProviderRefund, RefundRequest } from '../../core/ports/paymentGateway'
import { fromStripe, toStripeCharge } from './amounts'
import { succeeded, understand } from './outcomes'
import { type RefundReply, refundList, refundReply } from './replies'

const ourRefundId = 'countinghouse_refund_id'
const expand = ['balance_transaction']

function target(paymentRef: string): { payment_intent: string } | { charge: string } {
  return paymentRef.startsWith('pi_') ? { payment_intent: paymentRef } : { charge: paymentRef }
}

/** `requires_action` is the customer's to do; until then nothing has moved. A cancelled refund did not happen. */
function statusOf(status: string | null | undefined): ProviderRefund['status'] {
  if (status === 'succeeded') return 'succeeded'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending'
}

function toRefund(reply: RefundReply): ProviderRefund {
  const moved = reply.balance_transaction ?? null
  return {
    refundRef: reply.id,
    refundId: reply.metadata?.[ourRefundId] ?? null,
    paymentRef: reply.payment_intent ?? reply.charge ?? null,
    amount: fromStripe(reply.amount, reply.currency),
    status: statusOf(reply.status),
    failureReason: reply.failure_reason ?? null,
    createdAt: reply.created * 1000,
    fee: moved === null ? null : fromStripe(moved.fee, moved.currency),
  }
}

/**
 * Sends money back. The owner's free text goes into metadata: Stripe's own `reason` is a closed list.
 * @throws Ended, StrangeReply or an error of the SDK, for `outcomeOf`
 */
export async function sendRefund(stripe: Stripe, request: RefundRequest): Promise<GatewayOutcome<ProviderRefund>> {
  const amount = toStripeCharge(request.amount)
  const earlier = request.lookUpFirst ? await findRefund(stripe, request) : null
  if (earlier !== null) return settled(earlier)
  const reply = await stripe.refunds.create(
    { ...target(request.paymentRef), amount, metadata: { [ourRefundId]: request.refundId, reason: request.reason }, expand },
    { idempotencyKey: `${request.idempotencyKey}:refund` },
  )
  return settled(toRefund(understand(refundReply, reply)))
}

function settled(refund: ProviderRefund): GatewayOutcome<ProviderRefund> {
  if (refund.status === 'succeeded') return succeeded(refund)
  if (refund.status === 'pending') return { kind: 'pending', value: refund }
  const reason = refund.failureReason !== null && /^[a-z_]{1,60}$/.test(refund.failureReason) ? refund.failureReason : 'failed'
  return { kind: 'declined', code: reason, message: `The refund did not go through at Stripe (${reason.replaceAll('_', ' ')}).` }
}

async function findRefund(stripe: Stripe, request: RefundRequest): Promise<ProviderRefund | null> {
  const all = await listRefunds(stripe, request.paymentRef)
  return all.find(({ refundId }) => refundId === request.refundId) ?? null
}

export async function readRefund(stripe: Stripe, refundRef: string): Promise<ProviderRefund> {
  return toRefund(understand(refundReply, await stripe.refunds.retrieve(refundRef, { expand })))
}

/** Every refund of a payment, as Stripe has them now. */
export async function listRefunds(stripe: Stripe, paymentRef: string): Promise<ProviderRefund[]> {
  const all: ProviderRefund[] = []
  for (;;) {
    const last = all.at(-1)
    const reply = await stripe.refunds.list({
      ...target(paymentRef),
      limit: 100,
      expand: ['data.balance_transaction'],
      ...(last === undefined ? {} : { starting_after: last.refundRef }),
    })
    const page = understand(refundList, reply)
    all.push(...page.data.map(toRefund))
    if (!page.has_more || page.data.length === 0) return all
  }
}
