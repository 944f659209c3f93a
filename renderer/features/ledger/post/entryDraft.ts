import type { Input } from '../../../../shared/contract/index'
import type { JournalEntry } from '../../../../shared/contract/ledger'
import type { Currency } from '../../../../shared/domain/currency'
import { isoDate } from '../../../../shared/domain/dates'
import { accountName, textLine } from '../../../../shared/domain/ids'
import { sumMinor } from '../../../../shared/domain/money'
import { dateText, moneyText } from '../../../components/format'
import { words as common } from '../words'
import { words } from './words'

/** A line as it is typed: an amount on one side, in minor units of its currency. */
export interface EntryLine {
  readonly key: string
  readonly account: string
  readonly debit: number | null
  readonly credit: number | null
  readonly currency: Currency
}

export interface EntryDraft {
  readonly occurredOn: string | null
  readonly description: string
  readonly lines: readonly EntryLine[]
}

/** What a currency comes to so far; the books take an entry only when each difference is zero. */
interface Balance {
  readonly currency: Currency
  readonly debit: number
  readonly credit: number
  /** Debits less credits. */
  readonly difference: number
}

type Posting = Input<'ledger.post'>['postings'][number]
type EntryInput = Pick<Input<'ledger.post'>, 'occurredOn' | 'description' | 'postings'>

type EntryCheck =
  | { readonly ok: true; readonly input: EntryInput }
  | {
      readonly ok: false
      /** The first thing to do before it can be posted. */
      readonly reason: string
      /** Problems by field: "description", "date", "<line key>.account", "<line key>.amount". */
      readonly problems: Readonly<Record<string, string>>
    }

const mostLines = 200
const description = textLine(500)
let lastKey = 0

/** A line with nothing on it yet. */
export function emptyLine(currency: Currency): EntryLine {
  lastKey += 1
  return { key: `l${lastKey}`, account: '', debit: null, credit: null, currency }
}

/** A new entry of two lines. */
export function newEntry(occurredOn: string, currency: Currency): EntryDraft {
  return { occurredOn, description: '', lines: [emptyLine(currency), emptyLine(currency)] }
}

/** A new entry with the lines of a posted one. */
export function copyOf(entry: JournalEntry, occurredOn: string): EntryDraft {
  const lines = entry.postings.map(({ account, amount }) => ({
    ...emptyLine(amount.currency),
    account,
    debit: amount.minor > 0 ? amount.minor : null,
    credit: amount.minor < 0 ? -amount.minor : null,
  }))
  return { occurredOn, description: entry.description, lines }
}

/** Whether nothing was typed on a line: it is left out. */
export function isBlank(line: EntryLine): boolean {
  return line.account.trim() === '' && line.debit === null && line.credit === null
}

/** Debits and credits per currency, in the order in which the currencies first appear. */
export function balancesOf(lines: readonly EntryLine[]): Balance[] {
  const used = lines.filter((line) => line.debit !== null || line.credit !== null)
  return [...Map.groupBy(used, (line) => line.currency)].map(([currency, own]) => {
    const debit = sumMinor(own.map((line) => line.debit ?? 0))
    const credit = sumMinor(own.map((line) => line.credit ?? 0))
    return { currency, debit, credit, difference: sumMinor([debit, -credit]) }
  })
}

/** A line without an amount gets what its currency lacks among `lines`; any other line stays as it is. */
export function filled(lines: readonly EntryLine[], line: EntryLine): EntryLine {
  const difference = balancesOf(lines).find((balance) => balance.currency === line.currency)?.difference ?? 0
  if (difference === 0 || line.debit !== null || line.credit !== null) return line
  return difference > 0 ? { ...line, credit: difference } : { ...line, debit: -difference }
}

/**
 * Puts what a currency lacks on a line: on the first one that has an account but no amount, else on an empty one, else on a new one.
 * @returns the lines as they are when the currency balances
 */
export function balanceOut(lines: readonly EntryLine[], currency: Currency): readonly EntryLine[] {
  const open = lines.filter((line) => line.currency === currency && line.debit === null && line.credit === null)
  const target = open.find((line) => line.account.trim() !== '') ?? open[0]
  if (target) return lines.map((line) => (line === target ? filled(lines, line) : line))
  const added = emptyLine(currency)
  const full = filled(lines, added)
  return full === added ? lines : [...lines, full]
}

/**
 * Whether the draft can be posted, and what is missing when not.
 * @param accounts the accounts that exist; null while they are not known
 * @param closedThrough the last closed day `YYYY-MM-DD`; null when nothing is known to be closed
 */
export function checkEntry(
  draft: EntryDraft,
  accounts: ReadonlySet<string> | null,
  closedThrough: string | null = null,
): EntryCheck {
  const used = draft.lines.filter((line) => !isBlank(line))
  const problems: Record<string, string> = {}
  const note = (field: string, problem: string | null) => {
    if (problem !== null) problems[field] = problem
  }
  note('date', dateProblem(draft.occurredOn, closedThrough))
  note('description', descriptionProblem(draft.description))
  for (const line of used) {
    note(`${line.key}.account`, accountProblem(line.account.trim(), accounts))
    note(`${line.key}.amount`, amountProblem(line))
  }
  const reason =
    Object.values(problems)[0] ??
    (used.length < 2 ? words.twoLines : used.length > mostLines ? words.tooManyLines(mostLines) : imbalance(used))
  if (reason !== null) return { ok: false, reason, problems }
  const postings = used.map<Posting>((line) => ({
    account: line.account.trim(),
    amount: { minor: line.debit ?? -(line.credit ?? 0), currency: line.currency },
  }))
  return { ok: true, input: { occurredOn: draft.occurredOn ?? '', description: draft.description.trim(), postings } }
}

function dateProblem(date: string | null, closedThrough: string | null): string | null {
  if (date === null || !isoDate.safeParse(date).success) return common.dateMissing
  return closedThrough !== null && date <= closedThrough ? common.closedAlready(dateText(closedThrough)) : null
}

function descriptionProblem(text: string): string | null {
  if (text.trim() === '') return words.descriptionMissing
  return description.safeParse(text).success ? null : words.descriptionWrong
}

function accountProblem(account: string, accounts: ReadonlySet<string> | null): string | null {
  if (account === '') return words.accountMissing
  if (!accountName.safeParse(account).success) return words.accountWrong
  return accounts && !accounts.has(account) ? words.accountUnknown(account) : null
}

function amountProblem({ debit, credit }: EntryLine): string | null {
  const amount = debit ?? credit
  if (amount === null) return words.amountMissing
  return amount > 0 ? null : words.amountNotPositive
}

function imbalance(lines: readonly EntryLine[]): string | null {
  const off = balancesOf(lines).find((balance) => balance.difference !== 0)
  if (!off) return null
  const { currency, difference } = off
  return difference > 0
    ? words.debitsExceed(moneyText({ minor: difference, currency }))
    : words.creditsExceed(moneyText({ minor: -difference, currency }))
}
