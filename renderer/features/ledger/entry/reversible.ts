import type { JournalEntry } from '../../../../shared/contract/ledger'

/**
 * Whether a person may reverse an entry: posted by hand or imported, and not reversed yet. Entries of documents follow their document, and
 * a reversal is undone by posting the original again.
 */
export function canReverse({ source, reverses, reversedBy }: Pick<JournalEntry, 'source' | 'reverses' | 'reversedBy'>): boolean {
  return (source.kind === 'manual' || source.kind === 'import') && reverses === null && reversedBy === null
}
