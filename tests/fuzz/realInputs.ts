import { sql } from '../../electron/core/db/index'
import type { ProcedureName } from '../../shared/contract/index'
import type { Desk } from '../support/desk'
import { newHeldPayee } from '../support/governanceCommands'
import { newGrant } from '../support/grantCommands'
import { type LiveApp, practiceKey, practiceWebhookSecret } from '../support/liveApp'
import { parsableInputs } from '../support/parsableInputs'
import { newAttachment } from '../support/secretCommands'

type AnyInput = Record<string, unknown>

/** As `parsableInputs`, but what is named exists and the call would work: so nothing but the hostile value can be the reason of a refusal. */
export async function realInputs(live: LiveApp, desk: Desk): Promise<Readonly<Record<ProcedureName, AnyInput>>> {
  const payment = await desk.newPayment()
  const draft = await desk.newDraft()
  const entryId = await desk.newEntry()
  const tokenId = await desk.newToken()
  await desk.settle()
  const event = live.db.get<{ id: string }>(sql`SELECT id FROM provider_event LIMIT 1`)
  await live.run('policies.set', { procedure: 'businesses.create', decision: 'ask' })
  const place = { currency: 'USD', country: 'US', timeZone: 'America/New_York' }
  const parked = await live.call('businesses.create', { name: 'To be decided', ...place })
  await live.run('policies.set', { procedure: 'businesses.create', decision: 'allow' })
  const [card] = (await live.call('approvals.list', { status: 'pending' })).items
  if (parked.status !== 'awaitingApproval' || card === undefined) throw new Error('It did not wait')
  const real: AnyInput = {
    businessId: desk.businessId,
    customerId: desk.customerId,
    invoiceId: draft.id,
    paymentId: payment.id,
    entryId,
    tokenId,
    eventId: event?.id,
    backupId: (await live.run('backups.run', {})).id,
    approvalId: card.id,
    digest: card.digest,
    secretKey: practiceKey,
    webhookSecret: practiceWebhookSecret,
    account: 'assets:bank',
    policyId: 'pol_refund_limit',
    ...(await newHeldPayee(live, desk)),
    presetId: 'any_over',
    ...(await newAttachment(live, desk)),
    grantId: (await newGrant(live, desk)).id,
  }
  const made = Object.entries(parsableInputs).map(([name, input]) => {
    const known = Object.keys(input).filter((field) => field in real)
    const { cursor: _, ...rest } = { ...(input as AnyInput), ...Object.fromEntries(known.map((field) => [field, real[field]])) }
    return [name, rest] as const
  })
  const inputs = Object.fromEntries(made) as Record<ProcedureName, AnyInput>
  inputs['ledger.createAccount'].account = 'expenses:tea'
  inputs['ledger.post'].postings = [
    { account: 'expenses:office', amount: { minor: 100, currency: 'USD' } },
    { account: 'assets:bank', amount: { minor: -100, currency: 'USD' } },
  ]
  inputs['customers.update'].version = undefined
  inputs['customers.update'].address = { line1: 'Mill Street 1', country: 'US' }
  inputs['invoices.update'].memo = 'Thank you'
  inputs['invoices.update'].version = draft.version
  inputs['backups.restore'].kitCode = undefined
  inputs['grants.create'].secretIds = [real.secretId]
  inputs['grants.blastRadius'].tokenId = undefined
  inputs['grants.rotateAll'].tokenId = undefined
  inputs['broker.call'].grantToken = undefined
  inputs['broker.call'].url = `${live.app.practiceOrigin}/v1/balance`
  inputs['broker.call'].headers = { authorization: 'Bearer {{secret}}' }
  return inputs
}
