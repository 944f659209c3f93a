import type { Parsed } from '../../../shared/contract/index'
import type { Scope } from '../../../shared/contract/procedure'
import { dateIn } from '../../../shared/domain/dates'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db'
import type { Actor } from '../dispatch/actor'
import { newId } from '../ports/ids'
import type { StepUp } from '../ports/stepUp'
import type { SecretItems } from '../secrets/index'
import { findToken } from '../tokens/index'
import type { GrantAccess } from './grantAccess'
import type { StoredGrant } from './grants.repository'
import { endOfDate } from './wallClock'

const hourMs = 3_600_000
/** How long a grant lasts where nothing else is said. */
export const usualHours = 24

type NewGrant = Parsed<'grants.create'>

export interface NewGrantDeps {
  readonly secrets: Pick<SecretItems, 'summary'>
  readonly access: GrantAccess
  readonly stepUp: StepUp
}

/** Nobody gives away more than they have. @throws AppError forbidden */
function checkGiver(actor: Actor, actions: NewGrant['actions']): void {
  const scopeOf = { use: 'broker:write', reveal: 'vault:reveal' } as const
  const needed: Scope[] = ['secrets:read', ...actions.map((action) => scopeOf[action])]
  const missing = needed.find((scope) => !actor.scopes.has(scope))
  if (missing !== undefined) {
    throw new AppError('forbidden', `No grant was made: you cannot give the scope ${missing}, which you do not have yourself.`)
  }
  if (!actor.scopes.has('vault:reveal')) {
    throw new AppError(
      'forbidden',
      'No grant was made: this needs the scope vault:reveal, since whoever names the hosts of a grant could have its secrets sent to themselves.',
    )
  }
}

/** Access to an item that asks for step-up before it is shown is not given away without. @throws AppError step_up_required */
function checkSensitive(r: ReadDb, { secrets, stepUp }: NewGrantDeps, actor: Actor, { secretIds }: NewGrant): void {
  if (secretIds.some((secretId) => secrets.summary(r, secretId).sensitive)) stepUp.require(actor.name)
}

/** The business of the items, null for those of the vault itself. @throws AppError not_found, invalid_input where they are of several */
function businessOfItems(r: ReadDb, secrets: Pick<SecretItems, 'summary'>, input: NewGrant): string | null {
  const owners = new Set(input.secretIds.map((secretId) => secrets.summary(r, secretId).businessId))
  const [owner = null] = owners
  if (input.businessId !== undefined && (owners.size !== 1 || owner !== input.businessId)) {
    throw new AppError('not_found', 'There is no such secret in this business. No grant was made.')
  }
  if (owners.size !== 1) {
    throw new AppError('invalid_input', 'No grant was made: its secrets belong to several businesses. Make one grant for each.')
  }
  return owner
}

/**
 * The grant that an input asks for, not stored yet.
 * @throws AppError invalid_input, not_found, forbidden, step_up_required
 */
export function newGrant(r: ReadDb, deps: NewGrantDeps, actor: Actor, input: NewGrant, now: number): StoredGrant {
  checkGiver(actor, input.actions)
  const businessId = businessOfItems(r, deps.secrets, input)
  checkSensitive(r, deps, actor, input)
  const unique = <T>(values: readonly T[] | undefined): T[] => [...new Set(values ?? [])]
  const actions = unique(input.actions)
  const hosts = unique(input.hosts)
  if (actions.includes('use') && hosts.length === 0) {
    throw new AppError('invalid_input', 'No grant was made: name at least one host that its secrets may be sent to.')
  }
  if (input.hours?.from === input.hours?.to && input.hours !== undefined && input.hours !== null) {
    throw new AppError(
      'invalid_input',
      'No grant was made: its hours begin and end at the same time. Leave them out for all day.',
    )
  }
  const giver = actor.name.startsWith('token:') ? findToken(r, actor.name.slice('token:'.length)) : undefined
  const expiresAt = Math.min(now + (input.expiresInHours ?? usualHours) * hourMs, giver?.expiresAt ?? Number.MAX_SAFE_INTEGER)
  const endsOn = input.engagementEndsOn ?? null
  const timeZone = deps.access.timeZoneOf(r, businessId)
  if (endsOn !== null && endsOn < dateIn(timeZone, now)) {
    throw new AppError('invalid_input', 'No grant was made: the engagement has ended already.')
  }
  return {
    id: newId('gra', now),
    businessId,
    holder: input.holder,
    secretIds: unique(input.secretIds).sort(),
    actions,
    hosts,
    methods: unique(input.methods),
    paths: unique(input.paths),
    hours: input.hours ?? null,
    weekdays: unique(input.weekdays).sort(),
    maxUses: input.maxUses ?? null,
    uses: 0,
    createdBy: actor.name,
    createdAt: now,
    expiresAt,
    engagementEndsOn: endsOn,
    endsAt: endsOn === null ? expiresAt : Math.min(expiresAt, endOfDate(timeZone, endsOn)),
    lastUsedAt: null,
    revokedAt: null,
    revokedFor: null,
  }
}
