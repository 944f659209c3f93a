import { setImmediate as turn } from 'node:timers/promises'
import type { Backtest, Policy } from '../../../shared/contract/policies'
import { monthOf, monthsBetween } from '../../../shared/domain/dates'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb } from '../db/index'
import { inQuarantine } from '../payees/index'
import { actorClassOf } from './actorClass'
import { type BareCommand, firstAuditAt, readBareCommands, readFacts, sliceRows } from './backtest.repository'
import type { CommandFact } from './commandFacts.repository'
import { localTimeOf, ratesOn } from './gateContext'
import { kinOf } from './paysOut'
import { judgeByRules, type Rule } from './policyGate'
import { Replay } from './replay'
import { ruledBy } from './ruledAs'
import type { RateLookup, Subject } from './subject'

export interface BacktestDeps {
  /** Whether a command states facts of its own, so that a logged one without them is an unknown. */
  readonly statesFacts: (procedure: string) => boolean
}

const yearMs = 365 * 86_400_000
const keptExamples = 20

type Candidate = Pick<Policy, 'businessId' | 'procedure' | 'decision' | 'over' | 'when' | 'demands'>
type Judged = Pick<CommandFact, 'auditSeq' | 'at' | 'actor' | 'amount' | 'payee'> & Pick<Subject, 'local' | 'procedure'>

/**
 * What a rule would have asked or refused in a past time, had it stood alone and had the owner approved at once whatever it asked. What it
 * would have refused does not count in later sums. Works in slices, so that nothing else waits for it.
 * @throws AppError invalid_input for a time that ends before it begins
 */
export async function runBacktest(
  db: ReadDb,
  { statesFacts }: BacktestDeps,
  candidate: Candidate,
  time: { readonly from: number | undefined; readonly to: number | undefined; readonly now: number },
): Promise<Backtest> {
  const { from, to } = timeOf(time)
  const tally = new Tally(from, to)
  const rule: Rule = { ...candidate, id: 'candidate' }
  const isLookedAt = ({ at, businessId }: { readonly at: number; readonly businessId: string | null }) =>
    from <= at && at <= to && (candidate.businessId === null || candidate.businessId === businessId)
  const surroundings = {
    ratesOn: cachedRates(db),
    inQuarantine: (businessId: string | null, payee: string, at: number) => inQuarantine(db, businessId, payee, at),
  }

  const replay = new Replay(surroundings)
  const baseOf = cached((businessId: string) => getBusiness(db, businessId).currency)
  const ruled = ruledBy(rule.procedure)
  const procedures = rule.procedure === '*' ? null : [...new Set([...ruled, ...kinOf(rule.procedure)])]
  const refused = new Set<string>()
  for (let after = 0, rows = readFacts(db, procedures, 0); rows.length > 0; rows = readFacts(db, procedures, after)) {
    for (const fact of rows) {
      const { approvalId, businessId, outcome } = fact
      let isStopped = approvalId !== null && refused.has(approvalId)
      const isAsked = outcome === 'parked' || approvalId === null
      if (isAsked && isLookedAt(fact) && (rule.procedure === '*' || ruled.includes(fact.procedure))) {
        const subject = { ...fact, actor: actorClassOf(fact.actor), base: businessId === null ? null : baseOf(businessId) }
        const verdict = judgeByRules([rule], subject, replay.historyAt(fact))
        tally.count(fact, verdict)
        isStopped = verdict.kind === 'refuse'
        if (isStopped && approvalId !== null) refused.add(approvalId)
      }
      if (outcome === 'done' && !isStopped) replay.done(fact)
      after = fact.auditSeq
    }
    if (rows.length < sliceRows) break
    await turn()
  }

  if (rule.procedure === '*') return tally.result(firstAuditAt(db), (at) => localTimeOf(db, candidate.businessId, at).date)
  const isUnknown = statesFacts(rule.procedure) && looksAtFacts(rule)
  for (let next: number | null = 0; next !== null; ) {
    const slice = readBareCommands(db, rule.procedure, next)
    for (const row of slice.rows.filter(isLookedAt)) {
      const bare = bareSubject(db, rule.procedure, row)
      if (isUnknown) tally.countUnknown(bare)
      else {
        const subject = { ...bare, actor: actorClassOf(row.actor), base: null }
        tally.count(bare, judgeByRules([rule], subject, replay.historyAt({ ...bare, baseMinor: null })))
      }
    }
    next = slice.next
    await turn()
  }
  return tally.result(firstAuditAt(db), (at) => localTimeOf(db, candidate.businessId, at).date)
}

function timeOf({ from, to, now }: { readonly from: number | undefined; readonly to: number | undefined; readonly now: number }) {
  const end = Math.min(to ?? now, now)
  const begin = Math.max(0, from ?? end - yearMs)
  if (begin > end) {
    throw new AppError('invalid_input', 'Nothing was looked at: the time ends before it begins, or begins in the future.')
  }
  return { from: begin, to: end }
}

/** Whether a rule has conditions that what a command states decides. */
function looksAtFacts({ over, when }: Rule): boolean {
  return (
    over !== null ||
    when.payees !== undefined ||
    when.newPayee !== undefined ||
    when.changedPayee !== undefined ||
    when.currencies !== undefined ||
    when.dailySumOver !== undefined ||
    when.sensitive !== undefined
  )
}

function bareSubject(db: ReadDb, procedure: string, row: BareCommand) {
  return { ...row, procedure, local: localTimeOf(db, row.businessId, row.at), amount: null, payee: null, sensitive: false }
}

function cached<T>(read: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>()
  return (key) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const value = read(key)
    kept.set(key, value)
    return value
  }
}

function cachedRates(db: ReadDb): (businessId: string | null, date: string) => RateLookup {
  const kept = new Map<string, ReturnType<RateLookup>>()
  return (businessId, date) => (from, to) => {
    const key = `${businessId}\n${date}\n${from}\n${to}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const rate = ratesOn(db, businessId, date)(from, to)
    kept.set(key, rate)
    return rate
  }
}

/** Counts what was looked at. */
class Tally {
  readonly #from: number
  readonly #to: number
  #asked = 0
  #refused = 0
  #unknown = 0
  #looked = 0
  readonly #months = new Map<string, { looked: number; stopped: number }>()
  #examples: Backtest['examples'] = []

  constructor(from: number, to: number) {
    this.#from = from
    this.#to = to
  }

  count(command: Judged, verdict: ReturnType<typeof judgeByRules>): void {
    const month = this.#look(command)
    if (verdict.kind === 'allow') return
    month.stopped += 1
    if (verdict.kind === 'ask') this.#asked += 1
    else this.#refused += 1
    const { at, actor, procedure, amount, payee, auditSeq } = command
    this.#examples.push({ at, actor, procedure, amount, payee, why: verdict.why, auditSeq })
    if (this.#examples.length > 2 * keptExamples) this.#examples = this.#newest()
  }

  countUnknown(command: Judged): void {
    this.#look(command)
    this.#unknown += 1
  }

  #look({ local }: Judged): { looked: number; stopped: number } {
    this.#looked += 1
    const name = monthOf(local.date)
    const month = this.#months.get(name) ?? { looked: 0, stopped: 0 }
    this.#months.set(name, month)
    month.looked += 1
    return month
  }

  #newest(): Backtest['examples'] {
    return this.#examples.toSorted((a, b) => b.auditSeq - a.auditSeq).slice(0, keptExamples)
  }

  /** @param dateOf the calendar day at an instant */
  result(logBegan: number | null, dateOf: (at: number) => string): Backtest {
    const first = Math.min(this.#to, Math.max(this.#from, logBegan ?? this.#to))
    const names = new Set([...monthsBetween(dateOf(first), dateOf(this.#to)), ...this.#months.keys()])
    return {
      from: this.#from,
      to: this.#to,
      looked: this.#looked,
      asked: this.#asked,
      refused: this.#refused,
      unknown: this.#unknown,
      byMonth: [...names].sort().map((month) => ({ month, looked: 0, stopped: 0, ...this.#months.get(month) })),
      examples: this.#newest(),
    }
  }
}
