import type { WriteDb } from '../db/index'
import { noteCustomerAsPayee } from '../payees/index'
import { type CommandFact, insertCommandFact } from './commandFacts.repository'
import { type Asked, ratesOn, subjectOf } from './gateContext'
import { inBase } from './inBase'

/** Keeps what a command stated, for rules that look back and for back-tests. Called in the transaction of its audit row. */
export function recordFacts(w: WriteDb, asked: Asked, ended: Pick<CommandFact, 'auditSeq' | 'outcome' | 'approvalId'>): void {
  const { businessId, amount, payee } = asked.facts
  const subject = subjectOf(w, asked)
  const value =
    amount === null || subject.base === null
      ? null
      : inBase(amount, subject.base, ratesOn(w, businessId, subject.local.date, asked.now))
  insertCommandFact(w, {
    ...ended,
    at: asked.now,
    local: subject.local,
    procedure: asked.procedure,
    businessId,
    actor: asked.actor,
    amount,
    baseMinor: typeof value === 'number' ? value : null,
    payee,
    sensitive: subject.sensitive,
  })
  if (ended.outcome === 'done' && amount !== null && businessId !== null && payee !== null) {
    noteCustomerAsPayee(w, businessId, payee, asked.now)
  }
}
