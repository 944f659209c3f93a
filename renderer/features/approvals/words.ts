import type { Approval } from '../../../shared/contract/approvals'

const statuses: Readonly<Record<Approval['status'], string>> = {
  pending: 'Waiting',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  stale: 'Out of date',
  failed: 'Failed',
}

/** "You", "Stripe", "Token tok_1", "The idle timer": who stands behind an actor. */
export function actorWords(actor: string): string {
  const [kind = '', name = ''] = actor.split(/:(.*)/s)
  switch (kind) {
    case 'owner':
      return 'You'
    case 'token':
      return `Token ${name}`
    case 'helper':
      return `Helper ${name}`
    case 'schedule':
      return schedules[name] ?? `Schedule “${name}”`
    case 'provider':
      return name === 'stripe' ? 'Stripe' : name
    case 'assistant':
      return 'Assistant'
    default:
      return actor
  }
}

const schedules: Readonly<Record<string, string>> = {
  outbox: 'Delivery',
  poll: 'Sync',
  sync: 'Sync',
  idle: 'Idle timer',
  approvals: 'Approval timer',
  backup: 'Nightly backup',
  drill: 'Restore drill',
  retention: 'Backup tidying',
  due: 'Rotation reminders',
  bin: 'Emptying of the bin',
  retire: 'Retiring of old values',
  grants: 'Ending of access',
  stripe: 'Stripe connection',
  secrets: 'Vault upkeep',
  backups: 'Backups',
  tidy: 'Tidying',
  restore: 'First start after a restore',
}

/** Words of the approvals. */
export const words = {
  title: 'Approvals',
  view: 'Which approvals',
  pending: 'Waiting',
  decided: 'Decided',
  statuses,
  note: (count: number) => (count === 1 ? 'One step waits for you.' : `${count} steps wait for you, the most pressing first.`),
  empty: 'Nothing waits for you',
  emptyText:
    'When a rule asks first, as for a refund above the limit or a step by a token, it stands here until you approve or deny it.',
  policies: 'See the rules',
  emptyDecided: 'Nothing was decided yet',
  emptyDecidedText: 'What you approve or deny is kept here.',
  asks: 'asks',
  payee: 'To',
  amount: 'Amount',
  why: 'Why it asks',
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
  stale: 'Not run: the facts moved since it was asked',
  failed: 'Approved, but the step itself failed',
  notDecided: 'The decision was not recorded',
  columns: { status: 'Decision', what: 'What', by: 'Asked by', amount: 'Amount', decided: 'Decided', note: 'Note' },
  keys: 'A approves · R denies · E edits and approves · J and K move',
  editKey: 'Edit and approve',
  demands: {
    stepUp: 'Asks again for proof that it is you',
    notBefore: (when: string) => `Can be approved from ${when} on`,
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
    fields: { amount: 'Amount', reason: 'Reason', description: 'Description', occurredOn: 'Date' } as Readonly<
      Partial<Record<string, string>>
    >,
  },
} as const
