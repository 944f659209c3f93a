import type { Output } from '../../../shared/contract'
import type { JournalEntry } from '../../../shared/contract/ledger'
import { formatMoney } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { auditRowsAbout } from '../audit/index'
import { type ReadDb, sql } from '../db'
import { findEntry, postingsOf, readEntries, type SourceKind } from './entries.repository'
import { parseEntryId } from './entryId'

/** How other domains tell what their sources are and how they came about, by kind: amounts, document numbers and states, no names. */
export type ExplainSource = Partial<Record<SourceKind, (r: ReadDb, sourceId: string) => readonly string[]>>

const mostSentences = 20
const mostAuditRows = 20
const mostPostings = 12

/**
 * Follows an entry to what caused it.
 * @throws AppError not_found when there is no such entry
 */
export function explainEntry(r: ReadDb, entryId: string, sources: ExplainSource): Output<'ledger.explain'> {
  const [entry] = entriesOf(r, entryId)
  if (!entry) throw new AppError('not_found', 'There is no such journal entry.')
  const sentences = [
    ...originOf(r, entry, sources),
    movementOf(entry),
    ...valuationOf(r, entry),
    ...(entry.providerOn === null
      ? []
      : [`The provider dates it ${entry.providerOn}; the books were closed then, so it stands on the first open day.`]),
    ...(entry.reversedBy === null ? [] : [`It was reversed by ${entry.reversedBy}.`]),
  ]
  return {
    sentences: sentences.slice(0, mostSentences),
    entry,
    source: entry.source,
    audit: auditOf(r, entry),
  }
}

/** The entry of a public id; none when there is none. */
function entriesOf(r: ReadDb, entryId: string): JournalEntry[] {
  return numbersOf(entryId).flatMap((number) => {
    const stored = findEntry(r, number)
    return stored ? readEntries(r, stored.businessId, [stored.id]) : []
  })
}

function numbersOf(entryId: string): number[] {
  const number = parseEntryId(entryId)
  return number === undefined ? [] : [number]
}

function originOf(r: ReadDb, { id, occurredOn, source }: JournalEntry, sources: ExplainSource): string[] {
  const told = sources[source.kind]?.(r, source.id) ?? []
  switch (source.kind) {
    case 'manual':
      return [`${id} was posted by hand for ${occurredOn}.`, ...told]
    case 'import':
      return [`${id} of ${occurredOn} is called ${source.id} where it came from.`, ...importsOf(r, id), ...told]
    case 'reversal': {
      const origin = entriesOf(r, source.id).flatMap((original) => originOf(r, original, sources))
      return [`${id} of ${occurredOn} takes back ${source.id} line by line.`, ...origin, ...told]
    }
    default:
      return [`${id} was posted for ${occurredOn} because of the ${source.kind} ${source.id}.`, ...told]
  }
}

/** The import that an entry came with. */
function importsOf(r: ReadDb, entryId: string): string[] {
  return numbersOf(entryId).flatMap((number) =>
    r
      .all<{ id: number; imported: number }>(
        sql`SELECT i.id, i.imported FROM journal_entry e JOIN import i ON i.id = e.import_id WHERE e.id = ${number}`,
      )
      .map(({ id, imported }) => `It came with import imp_${id} (entries imported: ${imported}).`),
  )
}

function movementOf({ postings }: JournalEntry): string {
  const words = postings
    .filter((posting) => posting.amount.minor !== 0)
    .map(({ account, amount }) => {
      const absolute = formatMoney({ ...amount, minor: Math.abs(amount.minor) })
      return `${amount.minor > 0 ? 'debits' : 'credits'} ${account} with ${absolute}`
    })
  const shown = words.slice(0, mostPostings)
  const more = words.length > shown.length ? `, and has ${words.length - shown.length} more lines` : ''
  return words.length === 0 ? 'It moves nothing.' : `It ${shown.join(', ')}${more}.`
}

/** Rates that its postings were valued at, and currencies that had none. */
function valuationOf(r: ReadDb, { id, postings }: JournalEntry): string[] {
  const base = postings.find((posting) => posting.base !== null)?.base?.currency
  const stored = numbersOf(id).flatMap((number) => postingsOf(r, number))
  return [...new Map(stored.map((row) => [row.currency, row])).values()].flatMap((row) => {
    if (row.base === null) return [`No exchange rate for ${row.currency} was stored for that day, so it has no base value.`]
    return row.rate === null ? [] : [`${row.currency} is valued at ${row.rate} ${base}, the rate stored for that day.`]
  })
}

function auditOf(r: ReadDb, entry: JournalEntry): Output<'ledger.explain'>['audit'] {
  const about = [entry.id, entry.source.id, ...(entry.reversedBy === null ? [] : [entry.reversedBy])]
  const rows = new Map(about.flatMap((id) => auditRowsAbout(r, id, mostAuditRows)).map((row) => [row.seq, row]))
  return [...rows.values()]
    .filter((row) => row.businessId === null || row.businessId === entry.businessId)
    .sort((a, b) => b.seq - a.seq)
    .slice(0, mostAuditRows)
    .map(({ seq, at, actor, procedure }) => ({ seq, at, actor, procedure }))
}
