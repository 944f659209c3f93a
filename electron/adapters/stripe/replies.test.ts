import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventReply } from './eventHint'
import { StrangeReply, understand } from './outcomes'
import {
  accountReply,
  balanceReply,
  bareCharge,
  chargeReply,
  customerReply,
  invoicePaymentList,
  invoiceReply,
  paymentIntentReply,
  refundReply,
} from './replies'

const fixtures = join(import.meta.dirname, '../../../../shared/data/stripe/fixtures3.json')

test.runIf(existsSync(fixtures))('Stripe’s own sample objects are understood', () => {
  const { resources } = JSON.parse(readFileSync(fixtures, 'utf8')) as { resources: Record<string, Record<string, unknown>> }
  const sample = (name: string) => resources[name] ?? {}
  const transaction = sample('balance_transaction')
  expect(understand(accountReply, sample('account')).id).toMatch(/^acct_/)
  expect(understand(balanceReply, sample('balance'))).toEqual({ livemode: false })
  expect(understand(customerReply, sample('customer')).id).toMatch(/^cus_/)
  expect(understand(invoiceReply, sample('invoice'))).toMatchObject({ currency: 'usd', total: 1000, amount_paid: 0 })
  expect(understand(bareCharge, sample('charge')).id).toMatch(/^ch_/)
  expect(understand(chargeReply, { ...sample('charge'), balance_transaction: transaction }).balance_transaction).toEqual({
    amount: 100,
    currency: 'usd',
    fee: 0,
    net: 100,
  })
  expect(understand(paymentIntentReply, sample('payment_intent')).id).toMatch(/^pi_/)
  expect(understand(refundReply, sample('refund'))).toMatchObject({ amount: 100, status: 'succeeded', balance_transaction: null })
  const list = { object: 'list', data: [sample('invoice_payment')], has_more: false }
  expect(understand(invoicePaymentList, list).data).toHaveLength(1)
  expect(understand(eventReply, sample('event')).id).toMatch(/^evt_/)
})

test('a reply of another shape is strange, and what is said of it names fields, never values', () => {
  const odd = { id: 're_1', object: 'refund', amount: '12 of a secret', currency: 'usd', created: 1 }
  expect(() => understand(refundReply, odd)).toThrow(StrangeReply)
  expect(() => understand(refundReply, odd)).toThrow(/^amount$/)
})
