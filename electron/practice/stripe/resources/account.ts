import type Stripe from 'stripe'
import type { AccountFacts } from '../context'
import { type Endpoint, endpoint } from '../http/endpoint'
import { resourceMissing } from '../http/errors'
import { expand } from '../http/params'
import { ACCOUNT_TIME_ZONE, NO_ADDRESS } from '../wire'

const NO_REQUIREMENTS = {
  alternatives: [],
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
}

function account(facts: AccountFacts): Stripe.Account {
  return {
    id: facts.id,
    object: 'account',
    business_profile: {
      annual_revenue: { amount: null, currency: null, fiscal_year_end: null },
      estimated_worker_count: null,
      mcc: null,
      minority_owned_business_designation: null,
      name: 'Practice business',
      product_description: null,
      specified_commercial_transactions_act_url: null,
      support_address: NO_ADDRESS,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
    },
    business_type: null,
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    controller: { type: 'account' },
    country: 'US',
    created: facts.created,
    default_currency: facts.currency,
    details_submitted: true,
    email: 'practice@example.com',
    external_accounts: { object: 'list', data: [], has_more: false, url: `/v1/accounts/${facts.id}/external_accounts` },
    future_requirements: NO_REQUIREMENTS,
    metadata: {},
    payouts_enabled: true,
    requirements: NO_REQUIREMENTS,
    settings: {
      bacs_debit_payments: { display_name: null, service_user_number: null },
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_issuing: { tos_acceptance: { date: null, ip: null } },
      card_payments: {
        decline_on: { avs_failure: false, cvc_failure: true },
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: 'Practice business', timezone: ACCOUNT_TIME_ZONE },
      invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
      payments: {
        statement_descriptor: 'PRACTICE',
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      payouts: { debit_negative_balances: true, schedule: { delay_days: 2, interval: 'daily' }, statement_descriptor: null },
      sepa_debit_payments: {},
    },
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: 'standard',
  } satisfies Stripe.Account
}

export const accountEndpoints: readonly Endpoint[] = [
  endpoint('GET', '/v1/account', { expand }, (ctx) => account(ctx.account)),
  endpoint('GET', '/v1/accounts/:id', { expand }, (ctx, _params, id) => {
    if (id !== ctx.account.id) throw resourceMissing('account', id, 'id')
    return account(ctx.account)
  }),
]
