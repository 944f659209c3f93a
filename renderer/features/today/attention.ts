import type { Approval } from '../../../shared/contract/approvals'
import type { Integration } from '../../../shared/contract/integrations'
import type { Invoice } from '../../../shared/contract/invoices'
import type { SecretSummary } from '../../../shared/contract/secrets'
import type { Money } from '../../../shared/domain/money'
import { groupPlans } from '../approvals/planGroups'
import { words } from './words'

/** What Today knows when it asks what needs the owner. */
export interface TodayFacts {
  readonly today: string
  readonly approvals: readonly Approval[]
  readonly overdue: readonly Invoice[]
  readonly drafts: readonly Invoice[]
  /** Invoices whose sending is held up or failed. */
  readonly troubled: readonly Invoice[]
  readonly integrations: readonly Integration[]
  readonly deadEvents: number
  /** Items of the vault that are due for rotation soon, or were. */
  readonly dueSecrets: readonly SecretSummary[]
  /** Nothing but the passphrase opens the vault. */
  readonly noKit: boolean
  /** UTC epoch milliseconds. */
  readonly now: number
}

export type Target =
  | { readonly kind: 'approvals'; readonly approvalId: string }
  | { readonly kind: 'approvalQueue' }
  | { readonly kind: 'invoice'; readonly invoiceId: string }
  | { readonly kind: 'invoices'; readonly status: 'draft' | 'overdue' }
  | { readonly kind: 'integrations' }
  | { readonly kind: 'secret'; readonly secretId: string }
  | { readonly kind: 'expiring' }
  | { readonly kind: 'security' }

/** One thing that needs the owner, with the place where it is settled. */
export interface Attention {
  readonly id: string
  readonly tone: 'brass' | 'wax' | 'quiet'
  readonly text: string
  readonly detail: string | null
  readonly customerId: string | null
  readonly amount: Money | null
  readonly target: Target
}

const shownApprovals = 4
const shownOverdue = 4
const shownDrafts = 2

/** Whole days from `from` to `to`, both `YYYY-MM-DD`. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

function ofInvoice(invoice: Invoice, tone: Attention['tone'], text: string, detail: string | null): Attention {
  return {
    id: invoice.id,
    tone,
    text,
    detail,
    customerId: invoice.customerId,
    amount: invoice.status === 'draft' || invoice.status === 'void' ? invoice.total : invoice.amountDue,
    target: { kind: 'invoice', invoiceId: invoice.id },
  }
}

function rest(id: string, text: string, target: Target, tone: Attention['tone']): Attention {
  return { id, tone, text, detail: null, customerId: null, amount: null, target }
}

/** One row for what should have been rotated, one for what soon must be; a single item is named and opened. */
function dueRows(items: readonly SecretSummary[], now: number): Attention[] {
  const resting = items.filter((item) => item.rotationPhase === 'none' && item.dueAt !== null)
  const rowOf = (own: readonly SecretSummary[], id: string, tone: Attention['tone'], text: (count: number) => string) => {
    const [first] = own
    if (!first) return []
    const target: Target = own.length === 1 ? { kind: 'secret', secretId: first.id } : { kind: 'expiring' }
    return [{ ...rest(id, text(own.length), target, tone), detail: own.map((item) => item.title).join(', ') }]
  }
  const late = resting.filter((item) => (item.dueAt ?? 0) <= now)
  const soon = resting.filter((item) => (item.dueAt ?? 0) > now)
  return [
    ...rowOf(late, 'secrets-overdue', 'wax', words.attention.secretsOverdue),
    ...rowOf(soon, 'secrets-due', 'quiet', words.attention.secretsDue),
  ]
}

/** One row for each request, one for a whole plan. */
function approvalRows(approvals: readonly Approval[]): Attention[] {
  const entries = groupPlans(approvals)
  const rows = entries.slice(0, shownApprovals).flatMap<Attention>((entry) => {
    const first = entry.kind === 'single' ? entry.approval : entry.steps[0]
    if (first === undefined) return []
    const whole = entry.kind === 'plan'
    return [
      {
        id: first.id,
        tone: 'brass',
        text: whole ? entry.title : first.facts.what.replace(/\.$/, ''),
        detail: whole ? words.attention.plan(entry.steps.length) : words.attention.approval,
        customerId: null,
        amount: whole ? null : first.facts.amount,
        target: { kind: 'approvals', approvalId: first.id },
      },
    ]
  })
  const left = entries.length - rows.length
  return left > 0 ? [...rows, rest('approvals', words.attention.more(left), { kind: 'approvalQueue' }, 'brass')] : rows
}

/** What needs the owner, the most pressing first: broken deliveries, approvals, late money, then unfinished work. */
export function attention(facts: TodayFacts): Attention[] {
  const { today, approvals, overdue, drafts, troubled, integrations, deadEvents, dueSecrets, noKit, now } = facts
  const broken = integrations
    .filter((integration) => integration.problem !== null)
    .map<Attention>((integration) => ({
      ...rest(`integration-${integration.provider}`, words.attention.integration, { kind: 'integrations' }, 'wax'),
      detail: integration.problem,
    }))
  const dead = deadEvents > 0 ? [rest('dead', words.attention.deadEvents(deadEvents), { kind: 'integrations' }, 'wax')] : []
  const stuck = troubled.map((invoice) => {
    const what = invoice.status === 'void' ? words.attention.sendFailed : words.attention.sending
    return ofInvoice(invoice, 'wax', `${invoice.number ?? ''} ${what}`.trim(), invoice.problem)
  })
  const waiting = approvalRows(approvals)
  const late = overdue.toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
  const lateRows = late.slice(0, shownOverdue).map((invoice) => {
    const days = words.attention.overdueOne(daysBetween(invoice.dueOn, today))
    return ofInvoice(invoice, 'wax', `${invoice.number ?? ''} ${days}`.trim(), null)
  })
  const lateRest =
    late.length > shownOverdue
      ? [rest('overdue', words.attention.more(late.length - shownOverdue), { kind: 'invoices', status: 'overdue' }, 'wax')]
      : []
  const draftRows = drafts
    .slice(0, shownDrafts)
    .map((invoice) => ofInvoice(invoice, 'quiet', invoice.lines[0]?.description ?? '', words.attention.draft))
  const draftRest =
    drafts.length > shownDrafts
      ? [rest('drafts', words.attention.more(drafts.length - shownDrafts), { kind: 'invoices', status: 'draft' }, 'quiet')]
      : []
  const rotation = dueRows(dueSecrets, now)
  const kit = noKit
    ? [{ ...rest('kit', words.attention.noKit, { kind: 'security' }, 'quiet'), detail: words.attention.noKitText }]
    : []
  return [...broken, ...dead, ...stuck, ...waiting, ...lateRows, ...lateRest, ...rotation, ...draftRows, ...draftRest, ...kit]
}
