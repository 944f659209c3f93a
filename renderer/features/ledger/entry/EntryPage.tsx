import { Button } from '@mantine/core'
import { IconArrowBackUp, IconChevronRight, IconCopyPlus } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Output } from '../../../../shared/contract/index'
import { useRead } from '../../../api/queries'
import { useShortcut } from '../../../app/shortcuts'
import { FailedPage } from '../../../components/FailedPage'
import { dateText } from '../../../components/format'
import { Page } from '../../../components/Page'
import { LoadingRows } from '../../../components/States'
import { StatusPill } from '../../../components/StatusPill'
import { Follow } from '../view/Follow'
import { Crumbs } from '../view/TrailBack'
import { useTrail } from '../view/trail'
import { words as common } from '../words'
import { EntryAudit } from './EntryAudit'
import { EntryFacts } from './EntryFacts'
import { EntryPostings } from './EntryPostings'
import styles from './entry.module.css'
import { useReverse } from './ReverseEntry'
import { canReverse } from './reversible'
import { Sentence } from './Sentence'
import { words } from './words'

const route = getRouteApi('/ledger/entries/$entryId')

/** One entry explained: where it comes from in sentences, its postings, its source and the actions behind it. */
export function EntryPage() {
  const { entryId } = route.useParams()
  const explained = useRead('ledger.explain', { entryId })
  if (explained.isPending) return <LoadingRows />
  if (explained.isError) return <FailedPage what={common.entry} query={explained} back={<Way />} />
  return <EntryView key={entryId} explained={explained.data} />
}

function EntryView({ explained }: { readonly explained: Output<'ledger.explain'> }) {
  const { entry, sentences, audit } = explained
  const navigate = useNavigate()
  const reverse = useReverse()
  const reversible = canReverse(entry)
  const copy = () => void navigate({ to: '/ledger/post', search: { copy: entry.id } })
  useShortcut('r', words.reverse.action, () => reverse.ask(entry), { enabled: reversible })
  useShortcut('c', words.copy, copy)
  return (
    <Follow label={entry.id}>
      <Page
        fill
        back={<Way />}
        title={
          <>
            <span className={styles.title} title={entry.description}>
              {entry.description}
            </span>
            {entry.reversedBy === null ? (
              <StatusPill tone="green">{common.sources[entry.source.kind]}</StatusPill>
            ) : (
              <StatusPill tone="quiet" mark="bar">
                {common.reversed}
              </StatusPill>
            )}
          </>
        }
        note={`${dateText(entry.occurredOn)} · ${entry.id}`}
        actions={
          <>
            <Button variant="default" leftSection={<IconCopyPlus size={15} />} onClick={copy}>
              {words.copy}
            </Button>
            {reversible ? (
              <Button variant="default" leftSection={<IconArrowBackUp size={15} />} onClick={() => reverse.ask(entry)}>
                {words.reverse.action}…
              </Button>
            ) : null}
          </>
        }
      >
        <div className={styles.entry}>
          <div className={styles.main}>
            <section className={styles.explain} aria-labelledby="explain">
              <h2 id="explain">{words.explain}</h2>
              {sentences.map((sentence) => (
                <p key={sentence}>
                  <Sentence text={sentence} own={entry.id} />
                </p>
              ))}
            </section>
            <section>
              <h2>{words.postings}</h2>
              <EntryPostings entry={entry} />
            </section>
            <section>
              <h2>{words.audit}</h2>
              <EntryAudit rows={audit} />
            </section>
          </div>
          <EntryFacts entry={entry} />
        </div>
        {reverse.dialog}
      </Page>
    </Follow>
  )
}

/** The figures that were followed here; the journal when the entry was opened by itself. */
function Way() {
  const trail = useTrail()
  return (
    <nav className={styles.way} aria-label={common.wayBack}>
      {trail.length === 0 ? <Link to="/ledger/journal">{common.journal}</Link> : <Crumbs trail={trail} />}
      <IconChevronRight size={13} aria-hidden="true" />
      <span>{common.entry}</span>
    </nav>
  )
}
