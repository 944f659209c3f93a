import { Button, Drawer } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Grant, BlastRadius as Radius } from '../../../shared/contract/grants'
import { useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { dateText, instantText } from '../../components/format'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill } from '../../components/StatusPill'
import { toast } from '../../components/toasts'
import { timeWords } from '../../components/words'
import { endOf, GrantState } from './grantColumns'
import { grantState } from './grantDraft'
import styles from './grants.module.css'
import { words } from './words'

interface BlastRadiusProps {
  /** Null: closed. */
  readonly grant: Grant | null
  readonly onClose: () => void
}

/** One grant: its limits, what was reached with it, and the ways to end it and to make it worthless. */
export function BlastRadius({ grant, onClose }: BlastRadiusProps) {
  return (
    <Drawer
      opened={grant !== null}
      onClose={onClose}
      position="right"
      size={520}
      title={grant === null ? '' : words.radiusTitle(grant.holder)}
      lockScroll={false}
    >
      {grant === null ? null : <Reached grant={grant} onClose={onClose} />}
    </Drawer>
  )
}

const tones = { revealed: 'wax', used: 'brass', reachable: 'quiet' } as const

function Reached({ grant, onClose }: { readonly grant: Grant; readonly onClose: () => void }) {
  const business = useBusiness()
  const navigate = useNavigate()
  const radius = useRead('grants.blastRadius', { grantId: grant.id })
  const active = grantState(grant, Date.now()) === 'active'
  const revoke = useCommand('grants.revoke', {
    onDone: () => {
      toast.done(words.revoked(grant.holder))
      onClose()
    },
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.notRevoked, error),
  })
  const rotate = useCommand('grants.rotateAll', {
    onDone: ({ secretIds }) =>
      toast.done(words.rotateDone(secretIds.length), undefined, {
        label: words.rotateShow,
        run: () => void navigate({ to: '/vault/expiring' }),
      }),
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.notRotated, error),
  })
  const touched = radius.data?.secrets.some(({ reach, rotatedSince }) => reach !== 'reachable' && !rotatedSince) ?? false
  return (
    <div className={styles.radius}>
      <div className={styles.head}>
        <GrantState grant={grant} />
        <span className={styles.faint}>
          {active ? words.columns.ends : words.ended}: {instantText(endOf(grant), business.timeZone)}
        </span>
        {active ? (
          <Button size="xs" color="wax" loading={revoke.isPending} onClick={() => revoke.mutate({ grantId: grant.id })}>
            {words.revoke}
          </Button>
        ) : null}
      </div>
      <dl className={styles.limits}>
        {limitsOf(grant).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3 className={styles.part}>{words.radius}</h3>
      {radius.error ? (
        <ErrorState what={words.radius} error={radius.error} onRetry={() => void radius.refetch()} compact />
      ) : radius.data === undefined ? (
        <LoadingRows rows={3} />
      ) : radius.data.secrets.length === 0 ? (
        <p className={styles.faint}>{words.radiusNone}</p>
      ) : (
        <ul className={styles.reached}>
          {radius.data.secrets.map((secret) => (
            <ReachedSecret key={secret.secretId} secret={secret} />
          ))}
        </ul>
      )}
      {touched ? (
        <div className={styles.rotate}>
          <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate({ grantId: grant.id })}>
            {words.rotateAll}
          </Button>
          <span className={styles.faint}>{words.rotateAllText}</span>
        </div>
      ) : null}
    </div>
  )
}

function ReachedSecret({ secret }: { readonly secret: Radius['secrets'][number] }) {
  const business = useBusiness()
  const { secretId, title, reach, times, lastAt, hosts, rotatedSince } = secret
  return (
    <li>
      <div>
        <Link to="/vault/$secretId" params={{ secretId }}>
          {title}
        </Link>
        <p className={styles.faint}>
          {[words.reachTimes(times, lastAt === null ? null : instantText(lastAt, business.timeZone)), hosts.join(', ')]
            .filter((text) => text !== '')
            .join(' · ')}
        </p>
        {rotatedSince ? <p className={styles.faint}>{words.rotated}</p> : null}
      </div>
      <StatusPill tone={rotatedSince ? 'green' : tones[reach]} mark={reach === 'reachable' ? 'hollow' : 'full'}>
        {words.reach[reach]}
      </StatusPill>
    </li>
  )
}

function limitsOf(grant: Grant): [string, string][] {
  return [
    [words.actions, grant.actions.map((action) => words.actionsLong[action]).join('. ')],
    [words.hosts, grant.hosts.join(', ')],
    [words.methods, grant.methods.join(', ')],
    [words.paths, grant.paths.join(', ')],
    [words.hours, grant.hours === null ? '' : `${grant.hours.from} – ${grant.hours.to}`],
    [words.weekdays, grant.weekdays.map((day) => timeWords.weekdayNames[day - 1] ?? '').join(', ')],
    [words.columns.used, words.times(grant.uses, grant.maxUses)],
    [words.engagement, grant.engagementEndsOn === null ? '' : dateText(grant.engagementEndsOn)],
  ].filter((limit): limit is [string, string] => limit[1] !== '')
}
