import type { Approval } from '../../../shared/contract/approvals'
import type { Tone } from '../../components/StatusPill'

const statuses: Readonly<Record<Approval['status'], string>> = {
  pending: 'Waiting',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  stale: 'Out of date',
  failed: 'Failed',
}

/** The tone of each status. */
export const tones: Readonly<Record<Approval['status'], Tone>> = {
  pending: 'brass',
  approved: 'green',
  denied: 'wax',
  expired: 'quiet',
  stale: 'quiet',
  failed: 'wax',
}

/** Words of the approvals. */
export const words = {
  title: 'Approvals',
  view: 'Which approvals',
  pending: 'Waiting',
  decided: 'Decided',
  oneDecided: 'Decision',
  whatHappened: 'What happened',
  step: 'Step',
  ofPlan: 'Plan',
  statuses,
  note: (count: number) => (count === 1 ? 'One step waits for you.' : `${count} steps wait for you, the most pressing first.`),
  empty: 'Nothing waits for you',
  emptyText:
    'When a rule asks first, as for a refund above the limit or a step by a token, it stands here until you approve or deny it.',
  policies: 'See the rules',
  emptyDecided: 'Nothing was decided yet',
  emptyDecidedText: 'What you approve or deny is kept here.',
  asks: (actor: string) => (actor === 'owner' ? 'ask' : 'asks'),
  payee: 'To',
  why: 'Why it asks',
  changes: 'What changes',
  before: 'Before',
  after: 'After',
  expires: (when: string) => `Expires ${when}; then nothing happens`,
  asked: (when: string) => `Asked ${when}`,
  undo: {
    yes: 'Can be undone',
    by_reversal: 'Can be reversed by a second entry',
    no: 'Cannot be undone',
  },
  approve: 'Approve',
  deny: 'Deny',
  next: 'Next card',
  previous: 'Previous card',
  addNote: 'Add a note',
  noteLabel: 'Note',
  notePlaceholder: 'Why? (kept with the decision)',
  approved: 'Approved',
  approvedText: 'It runs now.',
  denied: 'Denied',
  deniedText: 'Nothing was done.',
  once: 'Approved once',
  onceText: (when: string | null) =>
    when === null ? 'It wants a second approval before it runs.' : `It wants a second approval before it runs, possible ${when}.`,
  stale: 'Not run: the facts moved since it was asked',
  failed: 'Approved, but the step itself failed',
  notDecided: 'The decision was not recorded',
  columns: { status: 'Decision', what: 'What', by: 'Asked by', amount: 'Amount', decided: 'Decided', note: 'Note' },
  keys: 'A approves · R denies · E edits and approves · J and K move',
  editKey: 'Edit and approve',
  demands: {
    stepUp: 'Asks again for proof that it is you',
    notBefore: (when: string, left: string) => `Can be approved from ${when} on, ${left}`,
    second: 'Wants a second approval',
    secondGiven: (who: string) => `Approved once by ${who}; wants a second approval`,
  },
  plan: {
    steps: (count: number, who: string) => `${who} · ${count} ${count === 1 ? 'step waits' : 'steps wait'}, run in this order`,
    step: (step: number, steps: number) => `Step ${step} of ${steps}`,
    approve: 'Approve all',
    deny: 'Deny all',
    approved: (count: number) => `${count} ${count === 1 ? 'step' : 'steps'} approved`,
    denied: 'The plan was denied',
    stopped: (done: number, all: number) => `Stopped after ${done} of ${all} steps`,
  },
  edit: {
    title: 'Edit and approve',
    approve: 'Approve with changes',
    cancel: 'Cancel',
    fields: { amount: 'Amount', reason: 'Reason', description: 'Description', occurredOn: 'Date', title: 'Title' } as Readonly<
      Partial<Record<string, string>>
    >,
  },
} as const
