import { IconPaperclip, IconShieldLock } from '@tabler/icons-react'
import type { SecretSummary } from '../../../../shared/contract/secrets'
import { capital, distanceText, instantText } from '../../../components/format'
import type { Column } from '../../../components/table/column'
import { DueBadge } from '../DueBadge'
import { dueBadge } from '../due'
import { KindIcon } from '../KindIcon'
import { words as common } from '../words'
import styles from './list.module.css'
import { words } from './words'

const shownTags = 2

interface ColumnSettings {
  readonly timeZone: string
  readonly now: number
  /** Names the owner of an item by its business; left out where the list shows one business alone. */
  readonly ownerOf: ((businessId: string | null) => string) | null
}

/** The columns of the vault's list. Nothing in them is secret. */
export function secretColumns({ timeZone, now, ownerOf }: ColumnSettings): Column<SecretSummary>[] {
  const owner: Column<SecretSummary>[] =
    ownerOf === null
      ? []
      : [
          {
            id: 'owner',
            head: words.columns.owner,
            width: 'minmax(90px, 0.7fr)',
            wide: true,
            cell: (item) => <span className={styles.quiet}>{ownerOf(item.businessId)}</span>,
            sort: (item) => ownerOf(item.businessId),
          },
        ]
  return [
    {
      id: 'title',
      head: words.columns.title,
      width: 'minmax(150px, 1.5fr)',
      cell: (item) => <Title item={item} />,
      sort: (item) => item.title,
      csv: (item) => item.title,
    },
    {
      id: 'hint',
      head: words.columns.hint,
      width: 'minmax(90px, 1fr)',
      cell: (item) => <span className={styles.quiet}>{item.hint}</span>,
      sort: (item) => item.hint ?? '',
      csv: (item) => item.hint ?? '',
    },
    {
      id: 'tags',
      head: words.columns.tags,
      width: 'minmax(90px, 0.9fr)',
      cell: (item) => <Tags tags={item.tags} />,
      sort: (item) => item.tags.join(' '),
      csv: (item) => item.tags.join('; '),
    },
    ...owner,
    {
      id: 'due',
      head: words.columns.due,
      width: '132px',
      cell: (item) => <DueBadge item={item} now={now} />,
      // What is never due comes last, whichever way round.
      sort: (item) => item.dueAt ?? Number.MAX_SAFE_INTEGER,
      csv: (item) => dueBadge(item, now)?.text ?? '',
    },
    {
      id: 'used',
      head: words.columns.used,
      wide: true,
      width: '96px',
      align: 'end',
      cell: (item) =>
        item.lastUsedAt === null ? (
          <span className={styles.quiet}>{common.never}</span>
        ) : (
          <span className={styles.quiet} title={instantText(item.lastUsedAt, timeZone)}>
            {capital(distanceText(item.lastUsedAt, now))}
          </span>
        ),
      sort: (item) => item.lastUsedAt ?? 0,
    },
  ]
}

/** The columns of its export. */
export function secretExportColumns(settings: ColumnSettings): Column<SecretSummary>[] {
  const { ownerOf } = settings
  const unseen = { width: '0', cell: () => null }
  const iso = (at: number | null) => (at === null ? '' : new Date(at).toISOString())
  return [
    { id: 'kind', head: words.columns.kind, ...unseen, csv: (item) => common.kinds[item.kind] },
    ...secretColumns({ ...settings, ownerOf: null }),
    { id: 'owner', head: words.columns.owner, ...unseen, csv: (item) => ownerOf?.(item.businessId) ?? '' },
    { id: 'dueAt', head: words.csv.dueAt, ...unseen, csv: (item) => iso(item.dueAt) },
    { id: 'usedAt', head: words.csv.usedAt, ...unseen, csv: (item) => iso(item.lastUsedAt) },
    { id: 'created', head: words.csv.created, ...unseen, csv: (item) => iso(item.createdAt) },
  ]
}

function Title({ item }: { readonly item: SecretSummary }) {
  return (
    <span className={styles.who}>
      <KindIcon kind={item.kind} />
      <span className={styles.name}>{item.title}</span>
      {item.sensitive ? (
        <IconShieldLock size={14} stroke={1.8} className={styles.mark} role="img" aria-label={common.sensitive} />
      ) : null}
      {item.attachmentCount > 0 ? <IconPaperclip size={13} stroke={1.8} className={styles.mark} aria-hidden="true" /> : null}
    </span>
  )
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span className={styles.tags} title={tags.length > 1 ? tags.join(', ') : undefined}>
      {tags.slice(0, shownTags).map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ))}
      {tags.length > shownTags ? <span className={styles.quiet}>+{tags.length - shownTags}</span> : null}
    </span>
  )
}
