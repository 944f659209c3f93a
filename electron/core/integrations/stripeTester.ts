import { AppError, assertNever } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb } from '../db'
import { hasOutboxRows } from '../outbox/index'
import type { CredentialTest, CredentialTester } from '../ports/credentialTester'
import type { GatewayAccount } from '../ports/paymentGateway'
import type { Gateways } from './gateways'
import { findIntegration } from './integrations.repository'
import { checkMode, type Mode, modeOfKey } from './keyMode'

export interface StripeTesterDeps {
  readonly world: 'live' | 'practice'
  readonly gateways: Gateways
  readonly isPracticeKey: (secretKey: string) => boolean
  readonly read: ReadDb
}

const keyForm = /^(sk|rk)_(test|live)_[A-Za-z0-9_]{8,240}$/
const webhookForm = /^whsec_[A-Za-z0-9_+/=-]{8,240}$/

const failed = (message: string): CredentialTest => ({ ok: false, message })

/** Tries a Stripe key with a call that only reads, after making sure that its mode is that of the vault and of the business. */
export function stripeTester({ world, gateways, isPracticeKey, read }: StripeTesterDeps): CredentialTester {
  /** A key of another account would tear the books apart. */
  const accountProblem = (businessId: string | null, account: GatewayAccount): string | null => {
    const row = businessId === null ? undefined : findIntegration(read, businessId, 'stripe')
    if (row === undefined || row.accountRef === '' || account.accountId === '' || row.accountRef === account.accountId)
      return null
    if (!hasOutboxRows(read, row.businessId)) return null
    return 'Stripe takes this key, but it belongs to another account than the one that these books refer to. Use a key of that account.'
  }

  return {
    host: 'api.stripe.com',
    async test(fields, { businessId }) {
      const secretKey = fields.get('secretkey')?.toString('utf8') ?? ''
      const webhookSecret = fields.get('webhooksecret')?.toString('utf8')
      if (!keyForm.test(secretKey)) {
        return failed(
          'This is no Stripe secret key: it must start with sk_test_, sk_live_, rk_test_ or rk_live_. It was sent nowhere.',
        )
      }
      if (webhookSecret !== undefined && !webhookForm.test(webhookSecret)) {
        return failed('The webhook signing secret must start with whsec_. Nothing was sent to Stripe.')
      }
      const mode = modeOfKey(secretKey, isPracticeKey)
      const problem = modeProblem(mode, world, businessId === null ? null : getBusiness(read, businessId).mode)
      if (problem !== null) return failed(problem)
      const outcome = await gateways.make('stripe', secretKey).checkAccount()
      switch (outcome.kind) {
        case 'succeeded':
        case 'pending': {
          if (outcome.value.livemode !== (mode === 'live'))
            return failed('Stripe says that this key is of the other mode than it looks.')
          const otherAccount = accountProblem(businessId, outcome.value)
          return otherAccount === null ? { ok: true, message: 'Stripe takes this key.' } : failed(otherAccount)
        }
        case 'uncertain':
          return failed(`The key could not be tried. ${outcome.message} Try again soon.`)
        case 'declined':
        case 'misconfigured':
          return failed(`Stripe does not take this key. ${outcome.message}`)
        default:
          return assertNever(outcome)
      }
    },
  }
}

function modeProblem(mode: Mode, world: 'live' | 'practice', business: Mode | null): string | null {
  try {
    checkMode(mode, world, business)
    return null
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}
