import { createHmac, randomBytes } from 'node:crypto'
import type { Grant } from '../../../shared/contract/grants'
import { joinSql, type ReadDb, type SqlFragment, sql, type WriteDb } from '../db'
import type { ActorName } from '../dispatch/actor'
import { open, seal } from '../vault/index'
import type { GrantEnd } from './grantEnd'

/** A grant as it is kept: what doors show, who gave it, and when its time is over. */
export interface StoredGrant extends Grant {
  readonly createdBy: ActorName
  readonly endsAt: number
}

interface Row {
  id: string
  businessId: string | null
  actions: string
  hosts: string
  methods: string
  paths: string
  weekdays: string
  hoursFrom: string | null
  hoursTo: string | null
  maxUses: number | null
  uses: number
  createdBy: ActorName
  createdAt: number
  expiresAt: number
  engagementEndsOn: string | null
  endsAt: number
  lastUsedAt: number | null
  revokedAt: number | null
  revokedFor: Grant['revokedFor']
  secretIds: string
  holderKey: Uint8Array | null
  holderSealed: Uint8Array | null
}

const select = sql`
  SELECT g.id, g.business_id AS businessId, actions, hosts, methods, paths, weekdays, hours_from AS hoursFrom, hours_to AS hoursTo,
    max_uses AS maxUses, uses, created_by AS createdBy, created_at AS createdAt, expires_at AS expiresAt,
    engagement_ends_on AS engagementEndsOn, ends_at AS endsAt, last_used_at AS lastUsedAt, revoked_at AS revokedAt,
    revoked_for AS revokedFor, h.key AS holderKey, h.sealed AS holderSealed,
    (SELECT json_group_array(secret_id) FROM secret_grant_item WHERE grant_id = g.id) AS secretIds
  FROM secret_grant g LEFT JOIN secret_grant_holder h ON h.grant_id = g.id`

function holderPlace(grantId: string) {
  return { vault: 'grant', record: grantId, field: 'holder', version: 1, schema: 'grant-holder/1' }
}

const forgottenHolder = 'Forgotten holder'

function toGrant(row: Row): StoredGrant {
  const { hoursFrom, hoursTo, holderKey, holderSealed, ...rest } = row
  const holder =
    holderKey === null || holderSealed === null
      ? forgottenHolder
      : open(holderKey, holderSealed, holderPlace(row.id)).toString('utf8')
  return {
    ...rest,
    holder,
    secretIds: JSON.parse(row.secretIds) as string[],
    actions: JSON.parse(row.actions) as Grant['actions'],
    hosts: JSON.parse(row.hosts) as string[],
    methods: JSON.parse(row.methods) as Grant['methods'],
    paths: JSON.parse(row.paths) as string[],
    weekdays: JSON.parse(row.weekdays) as number[],
    hours: hoursFrom === null || hoursTo === null ? null : { from: hoursFrom, to: hoursTo },
  }
}

/** A fresh grant token: 256 random bits behind a prefix that secret scanners can find (promise V12). */
export function newGrantToken(): string {
  return `chg_${randomBytes(32).toString('base64url')}`
}

/** What is stored in place of a grant token: an HMAC under the vault's token key. */
export function grantMac(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest()
}

export function insertGrant(w: WriteDb, grant: StoredGrant, mac: Uint8Array): void {
  const { id, businessId } = grant
  const list = (values: readonly unknown[]) => JSON.stringify(values)
  w.run(sql`
    INSERT INTO secret_grant (id, business_id, mac, actions, hosts, methods, paths, weekdays, hours_from, hours_to, max_uses,
      created_by, created_at, expires_at, engagement_ends_on, ends_at)
    VALUES (${id}, ${businessId}, ${mac}, ${list(grant.actions)}, ${list(grant.hosts)}, ${list(grant.methods)}, ${list(grant.paths)},
      ${list(grant.weekdays)}, ${grant.hours?.from ?? null}, ${grant.hours?.to ?? null}, ${grant.maxUses}, ${grant.createdBy},
      ${grant.createdAt}, ${grant.expiresAt}, ${grant.engagementEndsOn}, ${grant.endsAt})`)
  for (const secretId of grant.secretIds) {
    w.run(sql`INSERT INTO secret_grant_item (grant_id, secret_id, business_id) VALUES (${id}, ${secretId}, ${businessId})`)
  }
  const key = randomBytes(32)
  const sealed = seal(key, Buffer.from(grant.holder, 'utf8'), holderPlace(id))
  w.run(sql`INSERT INTO secret_grant_holder (grant_id, key, sealed) VALUES (${id}, ${key}, ${sealed})`)
}

export function findGrant(r: ReadDb, id: string): StoredGrant | undefined {
  const row = r.get<Row>(sql`${select} WHERE g.id = ${id}`)
  return row && toGrant(row)
}

export function findGrantByMac(r: ReadDb, mac: Uint8Array): StoredGrant | undefined {
  const row = r.get<Row>(sql`${select} WHERE g.mac = ${mac}`)
  return row && toGrant(row)
}

/** Grants that match, newest first, from after a sort key on. */
export function listGrants(
  r: ReadDb,
  filter: {
    readonly businessId?: string | undefined
    readonly secretId?: string | undefined
    readonly after?: readonly [createdAt: number, id: string] | undefined
    readonly limit: number
  },
): StoredGrant[] {
  const conditions: SqlFragment[] = [sql`1 = 1`]
  if (filter.businessId !== undefined) conditions.push(sql`g.business_id = ${filter.businessId}`)
  if (filter.secretId !== undefined)
    conditions.push(sql`g.id IN (SELECT grant_id FROM secret_grant_item WHERE secret_id = ${filter.secretId})`)
  if (filter.after !== undefined) conditions.push(sql`(g.created_at, g.id) < (${filter.after[0]}, ${filter.after[1]})`)
  return r
    .all<Row>(sql`${select} WHERE ${joinSql(conditions, ' AND ')} ORDER BY g.created_at DESC, g.id DESC LIMIT ${filter.limit}`)
    .map(toGrant)
}

/** Grants that nothing has revoked, in force or not; those of one secret where one is named. */
export function unrevokedGrants(r: ReadDb, secretId?: string): StoredGrant[] {
  const ofSecret =
    secretId === undefined ? sql`` : sql`AND g.id IN (SELECT grant_id FROM secret_grant_item WHERE secret_id = ${secretId})`
  return r.all<Row>(sql`${select} WHERE g.revoked_at IS NULL ${ofSecret} ORDER BY g.id`).map(toGrant)
}

/** Grants that an actor gave. */
export function grantsGivenBy(r: ReadDb, actor: string): string[] {
  return r.all<{ id: string }>(sql`SELECT id FROM secret_grant WHERE created_by = ${actor} ORDER BY id`).map(({ id }) => id)
}

export function setRevoked(w: WriteDb, id: string, end: GrantEnd): void {
  w.run(sql`UPDATE secret_grant SET revoked_at = ${end.at}, revoked_for = ${end.why} WHERE id = ${id}`)
}

/** Counts one use; the limit stands in the statement itself. @returns false where there is none left */
export function takeUse(w: WriteDb, id: string, now: number): boolean {
  return (
    w.run(sql`UPDATE secret_grant SET uses = uses + 1, last_used_at = ${now}
              WHERE id = ${id} AND revoked_at IS NULL AND ends_at > ${now} AND (max_uses IS NULL OR uses < max_uses)`).changes ===
    1
  )
}
