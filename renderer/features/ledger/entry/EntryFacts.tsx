import { Link } from '@tanstack/react-router'
import type { JournalEntry } from '../../../../shared/contract/ledger'
import { useBusiness } from '../../../app/BusinessProvider'
import { Facts } from '../../../components/Facts'
import { dateText, instantText } from '../../../components/format'
import { InvoiceNumber } from '../../invoices/InvoiceNumber'
import { FollowLink } from '../view/Follow'
import { entryHref } from '../view/links'
import { words } from '../words'
import styles from './entry.module.css'

/** What is known of an entry beside its lines, and how it can be taken back. */
export function EntryFacts({ entry }: { readonly entry: JournalEntry }) {
  const business = useBusiness()
  const link = (entryId: string) => <FollowLink href={entryHref(entryId)}>{entryId}</FollowLink>
  return (
    <aside className={styles.side} aria-label={words.entry.facts}>
      <Facts
        items={[
          [words.entry.number, entry.id],
          [words.entry.occurredOn, dateText(entry.occurredOn)],
          entry.providerOn === null ? null : [words.entry.providerOn, dateText(entry.providerOn)],
          [words.entry.postedAt, instantText(entry.postedAt, business.timeZone)],
          [words.entry.source, <Source key="source" entry={entry} />],
          entry.reverses === null ? null : [words.entry.reverses, link(entry.reverses)],
          entry.reversedBy === null ? null : [words.entry.reversedBy, link(entry.reversedBy)],
        ]}
      />
      <p className={styles.never}>{howToTakeBack(entry)}</p>
    </aside>
  )
}

function Source({ entry: { source, reverses } }: { readonly entry: JournalEntry }) {
  switch (source.kind) {
    case 'invoice':
      return (
        <Link to="/invoices/$invoiceId" params={{ invoiceId: source.id }}>
          {words.sources.invoice} <InvoiceNumber invoiceId={source.id} />
        </Link>
      )
    case 'payment':
    case 'fee':
      return source.id.startsWith('pay_') ? (
        <Link to="/payments" search={{ payment: source.id }}>
          {words.entry.openPayment}
        </Link>
      ) : (
        <Link to="/payments">{words.sources[source.kind]}</Link>
      )
    case 'refund':
      return <Link to="/payments">{words.sources.refund}</Link>
    case 'import':
      return (
        <>
          {words.sources.import} <span className={styles.faint}>{source.id}</span>
        </>
      )
    case 'reversal':
      return reverses === null ? words.sources.reversal : words.entry.reversalOf(reverses)
    case 'manual':
      return words.sources.manual
  }
}

function howToTakeBack({ source, reversedBy, reverses }: JournalEntry): string {
  if (reversedBy !== null) return words.entry.reversedNote
  if (reverses !== null) return words.entry.reversalNote
  switch (source.kind) {
    case 'invoice':
      return words.entry.followsInvoice
    case 'payment':
    case 'fee':
      return words.entry.followsPayment
    case 'refund':
      return words.entry.followsRefund
    case 'manual':
    case 'import':
    case 'reversal':
      return words.entry.never
  }
}
