import { Button } from '@mantine/core'
import { IconArrowBackUp, IconQuote } from '@tabler/icons-react'
import { getRouteApi, Link, type LinkProps } from '@tanstack/react-router'
import type { Output } from '../../../shared/contract/index'
import type { JournalEntry } from '../../../shared/contract/ledger'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { useShortcut } from '../../app/shortcuts'
import { dateText, instantText } from '../../components/format'
import { Money } from '../../components/Money'
import { Page } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill } from '../../components/StatusPill'
import { actorWords } from '../approvals/words'
import { stepWords } from '../audit/steps'
import styles from './entry.module.css'
import { useReverse } from './ReverseEntry'
import { words } from './words'

const route = getRouteApi('/ledger/entries/$entryId')

/** One entry: where it comes from in sentences, its postings, and the event or approval behind it. */
export function EntryPage() {
  const { entryId } = route.useParams()
  const explained = useRead('ledger.explain', { entryId })
  if (explained.isPending) return <LoadingRows />
  if (explained.isError) return <ErrorState what={words.entry} error={explained.error} onRetry={() => void explained.refetch()} />
  return <EntryView explained={explained.data} />
}

function EntryView({ explained }: { readonly explained: Output<'ledger.explain'> }) {
  const business = useBusiness()
  const { entry, sentences, audit } = explained
  const reverse = useReverse()
  const canReverse = entry.reversedBy === null && entry.reverses === null
  useShortcut('r', words.reverse, () => reverse.ask(entry), { enabled: canReverse })
  const withBase = entry.postings.some((posting) => posting.amount.currency !== business.currency)
  return (
    <Page
      back={<Link to="/ledger/journal">{words.journal}</Link>}
      title={
        <>
          <span>{entry.description}</span>
          <StatusPill tone={entry.reversedBy ? 'quiet' : 'green'} mark={entry.reversedBy ? 'bar' : 'full'}>
            {words.sources[entry.source.kind]}
          </StatusPill>
        </>
      }
      note={`${dateText(entry.occurredOn)} · ${entry.id}`}
      actions={
        canReverse ? (
          <Button variant="default" leftSection={<IconArrowBackUp size={15} />} onClick={() => reverse.ask(entry)}>
            {words.reverse}
          </Button>
        ) : null
      }
    >
      <div className={styles.entry}>
        <section className={styles.explain} aria-label={words.explain}>
          <h2>
            <IconQuote size={16} stroke={1.7} aria-hidden="true" /> {words.explain}
          </h2>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {entry.providerOn ? <p>{words.providerOn(dateText(entry.providerOn))}</p> : null}
          <div className={styles.links}>
            <SourceLink entry={entry} />
            {entry.reverses ? <EntryLink entryId={entry.reverses} text={words.reverses} /> : null}
            {entry.reversedBy ? <EntryLink entryId={entry.reversedBy} text={words.reversedBy} /> : null}
          </div>
        </section>

        <section>
          <h2 className={styles.heading}>{words.postings}</h2>
          <table className={styles.postings}>
            <thead>
              <tr>
                <th scope="col">{words.account}</th>
                <th scope="col">{words.debit}</th>
                <th scope="col">{words.credit}</th>
                {withBase ? <th scope="col">{words.baseValue}</th> : null}
              </tr>
            </thead>
            <tbody>
              {entry.postings.map((posting, index) => {
                const size = { ...posting.amount, minor: Math.abs(posting.amount.minor) }
                return (
                  // An account may recur in an entry; postings never change, so their place is their identity.
                  // biome-ignore lint/suspicious/noArrayIndexKey: postings of an entry are immutable
                  <tr key={index}>
                    <th scope="row">
                      <Link
                        to="/ledger/register"
                        search={{ account: posting.account, currency: posting.amount.currency }}
                        title={words.openRegister(posting.account)}
                      >
                        {posting.account}
                      </Link>
                    </th>
                    <td>{posting.amount.minor > 0 ? <Money amount={size} /> : null}</td>
                    <td>{posting.amount.minor < 0 ? <Money amount={size} /> : null}</td>
                    {withBase ? <td>{posting.base ? <Money amount={posting.base} /> : '—'}</td> : null}
                  </tr>
                )
              })}
            </tbody>
          </table>
        </section>

        {audit.length > 0 ? (
          <section>
            <h2 className={styles.heading}>{words.trail}</h2>
            <ul className={styles.trail}>
              {audit.map((row) => (
                <li key={row.seq}>
                  <Link to="/activity" search={{ seq: row.seq, procedure: row.procedure }}>
                    {words.trailRow(row.seq)}
                  </Link>
                  <span>{stepWords(row.procedure)}</span>
                  <span className={styles.faint}>{actorWords(row.actor)}</span>
                  <span className={styles.faint}>{instantText(row.at, business.timeZone)}</span>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
      {reverse.dialog}
    </Page>
  )
}

function EntryLink({ entryId, text }: { readonly entryId: string; readonly text: string }) {
  return (
    <Link to="/ledger/entries/$entryId" params={{ entryId }}>
      {text}
    </Link>
  )
}

function SourceLink({ entry }: { readonly entry: JournalEntry }) {
  const link = sourceLink(entry.source)
  return link ? <Link {...link.to}>{link.text}</Link> : null
}

function sourceLink({
  kind,
  id,
}: JournalEntry['source']): { to: Pick<LinkProps, 'to' | 'params' | 'search'>; text: string } | null {
  switch (kind) {
    case 'invoice':
      return { to: { to: '/invoices/$invoiceId', params: { invoiceId: id } }, text: words.openSource.invoice }
    case 'payment':
    case 'fee':
      return id.startsWith('pay_') ? { to: { to: '/payments', search: { payment: id } }, text: words.openSource.payment } : null
    case 'manual':
    case 'refund':
    case 'reversal':
    case 'import':
      return null
  }
}
