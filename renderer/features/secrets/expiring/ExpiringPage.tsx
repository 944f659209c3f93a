import { Button, Checkbox } from '@mantine/core'
import { IconCalendarDue, IconRotateClockwise } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Secret, SecretSummary } from '../../../../shared/contract/secrets'
import { useRows } from '../../../api/pages'
import { useRead } from '../../../api/queries'
import { useWorkplace } from '../../../app/BusinessProvider'
import { instantText } from '../../../components/format'
import { Page } from '../../../components/Page'
import { Segments } from '../../../components/Segments'
import { EmptyState, ErrorState, LoadingRows } from '../../../components/States'
import { useNow } from '../../../components/useNow'
import { DueBadge } from '../DueBadge'
import { RotationSelect } from '../form/SecretForm'
import { KindIcon } from '../KindIcon'
import { StartRotation } from '../rotation/StartRotation'
import { words as common } from '../words'
import styles from './expiry.module.css'
import { byUrgency, byWeek, type DueItems } from './expiryGroups'
import { setIntervals } from './setIntervals'
import { words } from './words'

const route = getRouteApi('/vault/expiring')
const horizonDays = 90

/** What is due for rotation, with the way to begin. */
export function ExpiringPage() {
  const { business } = useWorkplace()
  const { view = 'urgency' } = route.useSearch()
  const navigate = route.useNavigate()
  const now = useNow(60_000)
  const list = useRows('secrets.list', { businessId: business.id, withVault: true, dueWithinDays: horizonDays })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [rotating, setRotating] = useState<string | null>(null)
  const groups = view === 'week' ? byWeek(list.rows, now, business.timeZone) : byUrgency(list.rows, now)
  const selected = list.rows.filter((item) => chosen.has(item.id))
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) {
      if (on) next.add(id)
      else next.delete(id)
    }
    setChosen(next)
  }
  return (
    <Page
      back={<Link to="/vault">{common.title}</Link>}
      title={words.title}
      note={words.note}
      toolbar={
        selected.length === 0 ? (
          <Segments
            label={words.view}
            value={view}
            options={[
              { value: 'urgency', label: words.byUrgency },
              { value: 'week', label: words.byWeek },
            ]}
            onChange={(next) => void navigate({ search: next === 'week' ? { view: next } : {}, replace: true })}
          />
        ) : (
          <SetAll items={selected} onDone={() => setChosen(new Set())} />
        )
      }
    >
      {list.isLoading ? (
        <LoadingRows />
      ) : list.error && list.rows.length === 0 ? (
        <ErrorState what={words.title} error={list.error} onRetry={list.refresh} />
      ) : groups.length === 0 ? (
        <EmptyState
          icon={<IconCalendarDue size={22} stroke={1.6} />}
          title={words.empty}
          action={
            <Button variant="default" onClick={() => void navigate({ to: '/vault' })}>
              {words.back}
            </Button>
          }
        >
          {words.emptyText}
        </EmptyState>
      ) : (
        <>
          {groups.map((group) => (
            <Group key={group.id} group={group} now={now} chosen={chosen} onChoose={choose} onRotate={setRotating} />
          ))}
          {list.hasMore ? <p className={styles.more}>{words.more}</p> : null}
        </>
      )}
      {rotating === null ? null : <Rotate key={rotating} secretId={rotating} onClose={() => setRotating(null)} />}
    </Page>
  )
}

interface GroupProps {
  readonly group: DueItems
  readonly now: number
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (ids: readonly string[], on: boolean) => void
  readonly onRotate: (secretId: string) => void
}

function Group({ group, now, chosen, onChoose, onRotate }: GroupProps) {
  const ids = group.items.map((item) => item.id)
  const count = ids.filter((id) => chosen.has(id)).length
  return (
    <section className={styles.group} data-pressing={group.pressing || undefined}>
      <div className={styles.groupHead}>
        <Checkbox
          size="xs"
          aria-label={words.selectAll(group.title)}
          checked={count === ids.length}
          indeterminate={count > 0 && count < ids.length}
          onChange={(event) => onChoose(ids, event.currentTarget.checked)}
        />
        <h2>{group.title}</h2>
        <span>{words.count(ids.length)}</span>
      </div>
      <ul className={styles.items}>
        {group.items.map((item) => (
          <Item
            key={item.id}
            item={item}
            now={now}
            chosen={chosen.has(item.id)}
            onChoose={(on) => onChoose([item.id], on)}
            onRotate={() => onRotate(item.id)}
          />
        ))}
      </ul>
    </section>
  )
}

interface ItemProps {
  readonly item: SecretSummary
  readonly now: number
  readonly chosen: boolean
  readonly onChoose: (on: boolean) => void
  readonly onRotate: () => void
}

function Item({ item, now, chosen, onChoose, onRotate }: ItemProps) {
  const { business } = useWorkplace()
  const navigate = useNavigate()
  const idle = item.rotationPhase === 'none'
  return (
    <li className={styles.item}>
      <Checkbox
        size="xs"
        aria-label={words.select(item.title)}
        checked={chosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <KindIcon kind={item.kind} />
      <Link to="/vault/$secretId" params={{ secretId: item.id }} className={styles.title}>
        {item.title}
      </Link>
      <span className={styles.hint}>{item.hint}</span>
      <span title={item.dueAt === null ? '' : instantText(item.dueAt, business.timeZone)}>
        <DueBadge item={item} now={now} />
      </span>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRotateClockwise size={14} />}
        aria-label={words.named(idle ? words.rotate : words.goOn, item.title)}
        onClick={() => (idle ? onRotate() : void navigate({ to: '/vault/$secretId', params: { secretId: item.id } }))}
      >
        {idle ? words.rotate : words.goOn}
      </Button>
    </li>
  )
}

function SetAll({ items, onDone }: { readonly items: readonly SecretSummary[]; readonly onDone: () => void }) {
  const [days, setDays] = useState<number | null>(180)
  const [busy, setBusy] = useState(false)
  const apply = async () => {
    setBusy(true)
    await setIntervals(items, days)
    setBusy(false)
    onDone()
  }
  return (
    <div className={styles.setAll}>
      <strong aria-live="polite">{words.selected(items.length)}</strong>
      <RotationSelect days={days} onChange={setDays} label={words.setAll} inline />
      <Button loading={busy} onClick={() => void apply()}>
        {words.apply}
      </Button>
      <Button variant="subtle" color="slate" onClick={onDone}>
        {words.clear}
      </Button>
    </div>
  )
}

/** Reads the item that the dialog rotates; the list knows only what tells it from others. */
function Rotate({ secretId, onClose }: { readonly secretId: string; readonly onClose: () => void }) {
  const secret = useRead('secrets.get', { secretId })
  const item: Secret | undefined = secret.data
  return item ? <StartRotation secret={item} opened onClose={onClose} /> : null
}
