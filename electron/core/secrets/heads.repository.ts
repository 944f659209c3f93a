import type { SecretKind } from '../../../shared/contract/secrets'
import { fold } from '../../../shared/domain/fold'
import { type ReadDb, type SqlFragment, sql, type WriteDb } from '../db'
import type { Phase } from './rotationState'

/** What stands of an item outside its sealed fields. */
export interface Head {
  readonly id: string
  readonly businessId: string | null
  readonly kind: SecretKind
  readonly title: string
  readonly tags: readonly string[]
  readonly hint: string | null
  readonly hosts: readonly string[]
  readonly sensitive: boolean
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastUsedAt: number | null
  readonly deletedAt: number | null
  readonly rotateEveryDays: number | null
  readonly valuesChangedAt: number
  readonly dueAt: number | null
  readonly phase: Phase
  readonly testedAt: number | null
  readonly problem: string | null
  /** The version that is kept during the overlap. */
  readonly rotationFrom: number | null
  readonly retiresAt: number | null
  readonly attachmentCount: number
}

type Row = Omit<Head, 'tags' | 'hosts' | 'sensitive'> & {
  readonly tags: string
  readonly hosts: string
  readonly sensitive: number
}

const columns = sql`id, business_id AS businessId, kind, title, tags, hint, hosts, sensitive, version, created_at AS createdAt,
  updated_at AS updatedAt, last_used_at AS lastUsedAt, deleted_at AS deletedAt, rotate_every_days AS rotateEveryDays,
  values_changed_at AS valuesChangedAt, due_at AS dueAt, rotation_phase AS phase, rotation_tested_at AS testedAt,
  rotation_problem AS problem, rotation_from AS rotationFrom, retires_at AS retiresAt,
  (SELECT count(*) FROM secret_attachment a WHERE a.secret_id = secret.id AND a.state = 'kept') AS attachmentCount`

function toHead(row: Row): Head {
  return {
    ...row,
    tags: JSON.parse(row.tags) as string[],
    hosts: JSON.parse(row.hosts) as string[],
    sensitive: row.sensitive === 1,
  }
}

/** The head of an item that was not destroyed, in the bin or not. */
export function findHead(r: ReadDb, id: string): Head | undefined {
  const row = r.get<Row>(sql`SELECT ${columns} FROM secret WHERE id = ${id} AND destroyed_at IS NULL`)
  return row && toHead(row)
}

/** Everything that a search looks at, folded; lines keep a word from matching across two of them. */
function wordsOf({ title, tags, hint, hosts }: Pick<Head, 'title' | 'tags' | 'hint' | 'hosts'>): string {
  return [title, ...tags, hint ?? '', ...hosts].map(fold).join('\n')
}

export type NewHead = Pick<
  Head,
  | 'id'
  | 'businessId'
  | 'kind'
  | 'title'
  | 'tags'
  | 'hint'
  | 'hosts'
  | 'sensitive'
  | 'createdAt'
  | 'rotateEveryDays'
  | 'valuesChangedAt'
  | 'dueAt'
>

export function insertHead(w: WriteDb, head: NewHead): void {
  w.run(sql`INSERT INTO secret (id, business_id, kind, title, sort_title, words, tags, hint, hosts, sensitive, version, created_at,
      updated_at, rotate_every_days, values_changed_at, due_at)
    VALUES (${head.id}, ${head.businessId}, ${head.kind}, ${head.title}, ${fold(head.title)}, ${wordsOf(head)},
      ${JSON.stringify(head.tags)}, ${head.hint}, ${JSON.stringify(head.hosts)}, ${head.sensitive ? 1 : 0}, 1, ${head.createdAt},
      ${head.createdAt}, ${head.rotateEveryDays}, ${head.valuesChangedAt}, ${head.dueAt})`)
}

/** Moves the head on to its next version, which must be stored. */
export function advanceHead(
  w: WriteDb,
  id: string,
  next: Omit<NewHead, 'id' | 'businessId' | 'kind' | 'createdAt'> & { readonly version: number; readonly now: number },
): void {
  w.run(sql`UPDATE secret SET title = ${next.title}, sort_title = ${fold(next.title)}, words = ${wordsOf(next)},
      tags = ${JSON.stringify(next.tags)}, hint = ${next.hint}, hosts = ${JSON.stringify(next.hosts)},
      sensitive = ${next.sensitive ? 1 : 0}, version = ${next.version}, updated_at = ${next.now},
      rotate_every_days = ${next.rotateEveryDays}, values_changed_at = ${next.valuesChangedAt}, due_at = ${next.dueAt}
    WHERE id = ${id}`)
}

export type RotationState = Pick<Head, 'phase' | 'testedAt' | 'problem' | 'rotationFrom' | 'retiresAt'>

/** No rotation. */
export const noRotation: RotationState = { phase: 'none', testedAt: null, problem: null, rotationFrom: null, retiresAt: null }

export function setRotation(w: WriteDb, id: string, state: RotationState): void {
  w.run(sql`UPDATE secret SET rotation_phase = ${state.phase}, rotation_tested_at = ${state.testedAt},
      rotation_problem = ${state.problem}, rotation_from = ${state.rotationFrom}, retires_at = ${state.retiresAt}
    WHERE id = ${id}`)
}

export function setDue(w: WriteDb, id: string, at: number): void {
  w.run(sql`UPDATE secret SET due_at = ${at} WHERE id = ${id}`)
}

export function setLastUsed(w: WriteDb, id: string, at: number): void {
  w.run(sql`UPDATE secret SET last_used_at = ${at} WHERE id = ${id} AND destroyed_at IS NULL
    AND (last_used_at IS NULL OR last_used_at < ${at})`)
}

/** Puts an item into the bin, or takes it out of it with null. */
export function setDeleted(w: WriteDb, id: string, at: number | null): void {
  w.run(sql`UPDATE secret SET deleted_at = ${at} WHERE id = ${id}`)
}

/** Leaves nothing of the head that says what it was. */
export function blankHead(w: WriteDb, id: string, now: number): void {
  w.run(sql`UPDATE secret SET title = '', sort_title = '', words = '', tags = '[]', hint = NULL, hosts = '[]', rotate_every_days = NULL,
      due_at = NULL, rotation_phase = 'none', rotation_tested_at = NULL, rotation_problem = NULL, rotation_from = NULL, retires_at = NULL,
      deleted_at = coalesce(deleted_at, ${now}), destroyed_at = ${now}
    WHERE id = ${id}`)
}

function ofBusiness(businessId: string | null | undefined, withVault = false): SqlFragment {
  if (businessId === undefined) return sql``
  return withVault ? sql`AND (business_id = ${businessId} OR business_id IS NULL)` : sql`AND business_id IS ${businessId}`
}

export function headIds(r: ReadDb, businessId: string | null | undefined): string[] {
  return r
    .all<{ id: string }>(
      sql`SELECT id FROM secret WHERE deleted_at IS NULL AND destroyed_at IS NULL ${ofBusiness(businessId)} ORDER BY created_at, id`,
    )
    .map(({ id }) => id)
}

/** How many items there are of a business (null: of the vault; undefined: of all), and how many of them are sensitive. */
export function countHeads(
  r: ReadDb,
  businessId: string | null | undefined,
): { readonly items: number; readonly sensitive: number } {
  return r.get<{ items: number; sensitive: number }>(
    sql`SELECT count(*) AS items, coalesce(sum(sensitive), 0) AS sensitive FROM secret
        WHERE deleted_at IS NULL AND destroyed_at IS NULL ${ofBusiness(businessId)}`,
  ) as { items: number; sensitive: number }
}

export interface HeadFilter {
  /** Only items with these ids; null for all. */
  readonly among: ReadonlySet<string> | null
  readonly businessId?: string | undefined
  /** Those of the vault itself beside those of the business. */
  readonly withVault?: boolean | undefined
  readonly kind?: SecretKind | undefined
  readonly tag?: string | undefined
  /** Folded; each must occur. */
  readonly words: readonly string[]
  /** Only those due at or before this instant, soonest first; null for all, by title. */
  readonly dueBy: number | null
  readonly deleted: boolean
  /** Id of the last item of the page before. */
  readonly after: string | null
  readonly limit: number
}

/** One item more than `limit` where there is a next page. */
export function searchHeads(r: ReadDb, filter: HeadFilter): Head[] {
  const { after, dueBy } = filter
  const conditions = [
    sql`destroyed_at IS NULL`,
    filter.deleted ? sql`AND deleted_at IS NOT NULL` : sql`AND deleted_at IS NULL`,
    ofBusiness(filter.businessId, filter.withVault),
    filter.among === null ? sql`` : sql`AND id IN (SELECT value FROM json_each(${JSON.stringify([...filter.among])}))`,
    filter.kind === undefined ? sql`` : sql`AND kind = ${filter.kind}`,
    filter.tag === undefined ? sql`` : sql`AND EXISTS (SELECT 1 FROM json_each(secret.tags) WHERE value = ${filter.tag})`,
    dueBy === null ? sql`` : sql`AND due_at <= ${dueBy}`,
    ...filter.words.map((word) => sql`AND instr(words, ${word}) > 0`),
  ]
  const order = dueBy === null ? sql`sort_title, id` : sql`due_at, id`
  const beyond = after === null ? sql`` : sql`AND (${order}) > (SELECT ${order} FROM secret WHERE id = ${after})`
  return r
    .all<Row>(
      sql`SELECT ${columns} FROM secret WHERE ${joined([...conditions, beyond])} ORDER BY ${order} LIMIT ${filter.limit + 1}`,
    )
    .map(toHead)
}

function joined(fragments: readonly SqlFragment[]): SqlFragment {
  return fragments.reduce((all, fragment) => sql`${all} ${fragment}`, sql``)
}

/** Whether an id may stand in a cursor of the list. */
export function isListed(r: ReadDb, id: string): boolean {
  return r.get(sql`SELECT 1 FROM secret WHERE id = ${id} AND destroyed_at IS NULL`) !== undefined
}

/** Every tag in use with how many items carry it, in alphabetical order. */
export function countTags(r: ReadDb, businessId: string | undefined, withVault?: boolean): { tag: string; count: number }[] {
  return r
    .all<{ tag: string; count: number }>(
      sql`SELECT value AS tag, count(*) AS count FROM secret, json_each(secret.tags)
        WHERE deleted_at IS NULL AND destroyed_at IS NULL ${ofBusiness(businessId, withVault)} GROUP BY value`,
    )
    .sort((a, b) => (fold(a.tag) < fold(b.tag) || (fold(a.tag) === fold(b.tag) && a.tag < b.tag) ? -1 : 1))
}

export function headsDueBy(r: ReadDb, at: number): Head[] {
  return r
    .all<Row>(sql`SELECT ${columns} FROM secret WHERE due_at <= ${at} AND deleted_at IS NULL ORDER BY due_at, id`)
    .map(toHead)
}

/** Ids whose old value is to be retired by now. */
export function retiringIds(r: ReadDb, now: number): string[] {
  return r.all<{ id: string }>(sql`SELECT id FROM secret WHERE retires_at <= ${now} ORDER BY retires_at, id`).map(({ id }) => id)
}

/** Ids of items that went into the bin at or before an instant. */
export function idsDeletedBy(r: ReadDb, at: number, limit: number): string[] {
  return r
    .all<{ id: string }>(
      sql`SELECT id FROM secret WHERE deleted_at <= ${at} AND destroyed_at IS NULL ORDER BY deleted_at, id LIMIT ${limit}`,
    )
    .map(({ id }) => id)
}
