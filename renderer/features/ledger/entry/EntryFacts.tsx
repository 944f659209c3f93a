import { Link } from '@tanstack/react-router'
import type { JournalEntry } from '../../../../shared/contract/ledger'
import { useBusiness } from '../../../app/BusinessProvider'
import { Facts } from '../../../components/Facts'
import { dateText, instantText } from '../../../components/format'
import { InvoiceNumber } from '../../invoices/InvoiceNumber'
import { FollowLink } from '../view/Follow'
import { entryHref } from '../view/links'
import { words as common } from '../words'
import styles from './entry.module.css'
import { words } from './words'

/** What is known of an entry beside its lines, and how it can be taken back. */
export function EntryFacts({ entry }: { readonly entry: JournalEntry }) {
  const business = useBusiness()
  const link = (entryId: string) => <FollowLink href={entryHref(entryId)}>{entryId}</FollowLink>
  return (
    <aside className={styles.side} aria-label={words.facts}>
      <Facts
        items={[
          [words.number, entry.id],
          [words.occurredOn, dateText(entry.occurredOn)],
          entry.providerOn === null ? null : [words.providerOn, dateText(entry.providerOn)],
          [words.postedAt, instantText(entry.postedAt, business.timeZone)],
          [words.source, <Source key="source" entry={entry} />],
          entry.reverses === null ? null : [words.reverses, link(entry.reverses)],
          entry.reversedBy === null ? null : [words.reversedBy, link(entry.reversedBy)],
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
          {common.sources.invoice} <InvoiceNumber invoiceId={source.id} />
        </Link>
      )
    case 'payment':
    case 'fee':
      return source.id.startsWith('pay_') ? (
        <Link to="/payments" search={{ payment: source.id }}>
          {words.openPayment}
        </Link>
      ) : (
        <Link to="/payments">{common.sources[source.kind]}</Link>
      )
    case 'refund':
      return <Link to="/payments">{common.sources.refund}</Link>
    case 'import':
      return (
        <>
          {common.sources.import} <span className={styles.faint}>{source.id}</span>
        </>
      )
    case 'reversal':
      return reverses === null ? common.sources.reversal : words.reversalOf(reverses)
    case 'manual':
      return common.sources.manual
  }
}

function howToTakeBack({ source, reversedBy, reverses }: JournalEntry): string {
  if (reversedBy !== null) return words.reversedNote
  if (reverses !== null) return words.reversalNote
  switch (source.kind) {
    case 'invoice':
      return words.followsInvoice
    case 'payment':
    case 'fee':
      return words.followsPayment
    case 'refund':
      return words.followsRefund
    case 'manual':
    case 'import':
    case 'reversal':
      return words.never
  }
}
