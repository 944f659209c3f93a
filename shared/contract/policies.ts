import { z } from 'zod'
import { currencyCode } from '../domain/currency'
import { id } from '../domain/ids'
import { money, positiveMoney } from '../domain/money'
import { type Command, command, type Procedure, page, pageOf, query } from './procedure'

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 22:00' })

/** When a rule applies, besides its amount. Every condition that is given must hold. */
export const policyConditions = z.strictObject({
  /** One of these payees. */
  payees: z.array(id).min(1).max(50).optional(),
  /** A payee that was never paid before. */
  newPayee: z.literal(true).optional(),
  /** A payee whose details changed and are still in quarantine. */
  changedPayee: z.literal(true).optional(),
  currencies: z.array(currencyCode).min(1).max(20).optional(),
  actors: z
    .array(z.enum(['owner', 'tokens', 'helpers', 'schedules', 'assistant']))
    .min(1)
    .optional(),
  /** Within these hours of the business's day; may pass midnight. */
  hours: z.strictObject({ from: clock, to: clock }).optional(),
  /** Monday is 1. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional(),
  /** The sums of this procedure on the business's day, this one included, pass this amount. */
  dailySumOver: positiveMoney.optional(),
  /** Several amounts to one payee within so many hours pass `over` together though none does alone. */
  splitWithinHours: z.int().min(1).max(720).optional(),
  /** The item is marked sensitive. */
  sensitive: z.literal(true).optional(),
})
export type PolicyConditions = z.infer<typeof policyConditions>

/** What approving takes when the rule asked. */
export const policyDemands = z.strictObject({
  stepUp: z.boolean().optional(),
  coolingMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .optional(),
  secondApprover: z.boolean().optional(),
  /** After this it counts as denied; 72 hours when left out. */
  timeoutHours: z.int().min(1).max(720).optional(),
})
export type PolicyDemands = z.infer<typeof policyDemands>

export const policy = z.object({
  id,
  businessId: id.nullable(),
  /** A procedure, or `*` for every command that states an amount. */
  procedure: z.string(),
  decision: z.enum(['allow', 'ask', 'refuse']),
  /** Applies only above this amount; null: always. */
  over: money.nullable(),
  when: policyConditions,
  demands: policyDemands,
  /** The whole rule in a sentence. */
  sentence: z.string(),
  createdAt: z.int(),
})
export type Policy = z.infer<typeof policy>

const rule = {
  businessId: id.optional(),
  procedure: z.string().max(100),
  decision: z.enum(['allow', 'ask', 'refuse']),
  over: positiveMoney.optional(),
  when: policyConditions.optional(),
  demands: policyDemands.optional(),
}

export const policyPreset = z.object({
  id: z.string(),
  /** In plain words. */
  title: z.string(),
  on: z.boolean(),
  /** The rule that is in force for it; null while off. */
  policyId: id.nullable(),
  /** The preset has an amount that can be chosen; null where it has none. */
  over: money.nullable(),
})
export type PolicyPreset = z.infer<typeof policyPreset>

export const backtest = z.object({
  from: z.int(),
  to: z.int(),
  /** Commands of that procedure in the time. */
  looked: z.int(),
  asked: z.int(),
  refused: z.int(),
  /** Those that could not be judged because the log holds too little of them. */
  unknown: z.int(),
  /** Per month `YYYY-MM`, oldest first. */
  byMonth: z.array(z.object({ month: z.string(), looked: z.int(), stopped: z.int() })),
  /** The newest that would have been stopped. */
  examples: z.array(
    z.object({
      at: z.int(),
      actor: z.string(),
      procedure: z.string(),
      amount: money.nullable(),
      payee: z.string().nullable(),
      why: z.string(),
      auditSeq: z.int(),
    }),
  ),
})
export type Backtest = z.infer<typeof backtest>

/** Without these nobody could decide, open the vault or stop everything. */
const neverStopped = /^(?:approvals|vault|safety)\./

/** Whether a rule can be set over a command: what cannot wait for an approval can still be refused, with few exceptions. */
export function isGovernable(name: string, procedure: Procedure): procedure is Command {
  return procedure.kind === 'command' && (procedure.parkable || !neverStopped.test(name))
}

export const policies = {
  'policies.list': query({
    summary: 'Rules that make commands ask or refuse',
    input: { businessId: id.optional(), ...page },
    output: pageOf(policy),
    scope: 'policies:read',
  }),
  'policies.set': command({
    summary:
      'Set a rule; one with the same procedure and conditions is replaced; `over` limits it to larger amounts; `allow` removes the asking',
    input: rule,
    output: policy,
    scope: 'policies:write',
  }),
  'policies.remove': command({
    summary: 'Take a rule out of force; it stays on record',
    input: { policyId: id },
    output: policy,
    scope: 'policies:write',
  }),
  'policies.presets': query({
    summary: 'Ready rules in plain words; none but the refund limit is on until chosen',
    input: { businessId: id.optional() },
    output: z.object({ items: z.array(policyPreset) }),
    scope: 'policies:read',
  }),
  'policies.setPreset': command({
    summary: 'Switch a ready rule on or off',
    input: { businessId: id.optional(), presetId: z.string().max(60), on: z.boolean(), over: positiveMoney.optional() },
    output: z.object({ items: z.array(policyPreset) }),
    scope: 'policies:write',
  }),
  'policies.backtest': query({
    summary: 'What a rule would have asked or refused in a past time; nothing is changed',
    input: { rule: z.strictObject(rule), from: z.int().optional(), to: z.int().optional() },
    output: backtest,
    scope: 'policies:read',
  }),
} as const
