import type { Output } from '../../../shared/contract/index'
import { formatMoney } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { auditRowsAbout } from '../audit/index'
import type { ReadDb } from '../db/index'
import { findEntry, readEntries, type SourceKind } from './entries.repository'
import { parseEntryId } from './entryId'

/** Sentences of the domain that caused an entry, by the kind of its source. */
export type ExplainSource = Partial<Record<SourceKind, (r: ReadDb, sourceId: string) => readonly string[]>>

/** Audit rows shown with an explanation. */
const shownRows = 20

/**
 * Where an entry comes from: what it moved, what caused it, and the audit rows about it, newest first.
 * @throws AppError not_found
 */
export function explainEntry(r: ReadDb, entryId: string, explain: ExplainSource): Output<'ledger.explain'> {
  const number = parseEntryId(entryId)
  const stored = number === undefined ? undefined : findEntry(r, number)
  const entry = stored === undefined ? undefined : readEntries(r, stored.businessId, [stored.id])[0]
  if (entry === undefined) throw new AppError('not_found', 'There is no such journal entry.')
  const moved = entry.postings.map(
    ({ account, amount }) =>
      `${account} ${amount.minor < 0 ? 'is credited' : 'is debited'} ${formatMoney({ ...amount, minor: Math.abs(amount.minor) })}`,
  )
  const { source } = entry
  const ids =
    source.kind === 'manual' || source.kind === 'import' || source.kind === 'reversal' ? [entry.id] : [source.id, entry.id]
  const rows = new Map(ids.flatMap((id) => auditRowsAbout(r, id, shownRows)).map((row) => [row.seq, row]))
  return {
    sentences: [
      `Entry ${entry.id} of ${entry.occurredOn}: ${entry.description}.`,
      `${moved.join('; ')}.`,
      ...sourceSentences(entry),
      ...(explain[source.kind]?.(r, source.id) ?? []),
      ...(entry.providerOn === null
        ? []
        : [`It happened on ${entry.providerOn}, when the books were closed already, so it stands on the first open day.`]),
      ...(entry.reversedBy === null ? [] : [`It was reversed by entry ${entry.reversedBy}.`]),
    ],
    entry,
    source,
    audit: [...rows.values()]
      .sort((a, b) => b.seq - a.seq)
      .slice(0, shownRows)
      .map(({ seq, at, actor, procedure }) => ({ seq, at, actor, procedure })),
  }
}

function sourceSentences(entry: Output<'ledger.explain'>['entry']): string[] {
  switch (entry.source.kind) {
    case 'manual':
      return ['It was posted by hand.']
    case 'import':
      return [`It came with an import, where it is called ${entry.source.id}.`]
    case 'reversal':
      return entry.reverses === null ? [] : [`It mirrors entry ${entry.reverses} exactly, so that the two together are nothing.`]
    default:
      return []
  }
}
