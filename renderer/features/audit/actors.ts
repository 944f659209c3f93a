import { useMemo } from 'react'
import { useRead } from '../../api/queries'

const schedules: Readonly<Record<string, string>> = {
  outbox: 'Delivery',
  poll: 'Sync',
  sync: 'Sync',
  idle: 'Idle timer',
  approvals: 'Approval timer',
  backup: 'Nightly backup',
  drill: 'Restore drill',
  retention: 'Backup tidying',
  due: 'Rotation reminders',
  week: 'Weekly expiry list',
  bin: 'Emptying of the bin',
  retire: 'Retiring of old values',
  grants: 'Ending of access',
  stripe: 'Stripe sync',
  secrets: 'Vault upkeep',
  backups: 'Backups',
  tidy: 'Tidying',
  restore: 'First start after a restore',
}

/** Names by which the owner knows an actor, by the actor as the log has it: `helper:gra_1`, `token:tok_1`. */
export type ActorNames = ReadonlyMap<string, string>

/** "You", "Stripe", "Mira, bookkeeping", "Idle timer": who stands behind an actor. The id where no name is known. */
export function actorWords(actor: string, names?: ActorNames): string {
  const [kind = '', name = ''] = actor.split(/:(.*)/s)
  const known = names?.get(actor)
  switch (kind) {
    case 'owner':
      return 'You'
    case 'token':
      return known === undefined ? `Token ${name}` : `Token “${known}”`
    case 'helper':
      return known ?? `Helper ${name}`
    case 'schedule':
      return schedules[name] ?? `Schedule “${name}”`
    case 'provider':
      return name === 'stripe' ? 'Stripe' : name
    case 'assistant':
      return 'Assistant'
    default:
      return actor
  }
}

/** The same within a sentence: "approved by you". */
export function byActor(actor: string, names?: ActorNames): string {
  return actor === 'owner' ? 'you' : actorWords(actor, names)
}

const most = 200

/** The names of who was given access: holders of grants and tokens, the newest of each. */
export function useActorNames(): ActorNames {
  const grants = useRead('grants.list', { limit: most })
  const tokens = useRead('tokens.list', { limit: most })
  return useMemo(
    () =>
      new Map([
        ...(grants.data?.items ?? []).map(({ id, holder }) => [`helper:${id}`, holder] as const),
        ...(tokens.data?.items ?? []).map(({ id, name }) => [`token:${id}`, name] as const),
      ]),
    [grants.data, tokens.data],
  )
}
