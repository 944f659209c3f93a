import type { Provider } from '../../../shared/contract/integrations'
import { type ReadDb, sql, type WriteDb } from '../db'
import type { Mode } from './keyMode'

export interface IntegrationRow {
  readonly id: string
  readonly businessId: string
  readonly provider: Provider
  readonly mode: Mode
  /** The account at the provider. */
  readonly accountRef: string
  /** 128 random bits in base64url: the unguessable part of the webhook address. */
  readonly pathToken: string
  /** The item of the vault that holds its keys; null while it is not connected. */
  readonly secretId: string | null
  /** The version of the item whose signing secret was the one before, good for a day after the change. */
  readonly webhookPrevious: number | null
  readonly webhookRotatedAt: number | null
  readonly keyHint: string | null
  readonly disconnectedAt: number | null
  readonly lastSyncAt: number | null
  /** Provider events up to here are known. UTC epoch milliseconds, by the provider's clock. */
  readonly cursorAt: number
  readonly completeSince: number
  readonly problem: string | null
}

const columns = sql`id, business_id AS businessId, provider, mode, account_ref AS accountRef, path_token AS pathToken,
  secret_id AS secretId, webhook_previous AS webhookPrevious, webhook_rotated_at AS webhookRotatedAt, key_hint AS keyHint,
  disconnected_at AS disconnectedAt, last_sync_at AS lastSyncAt, cursor_at AS cursorAt, complete_since AS completeSince, problem`

export function findIntegration(r: ReadDb, businessId: string, provider: Provider): IntegrationRow | undefined {
  return r.get<IntegrationRow>(
    sql`SELECT ${columns} FROM integration WHERE business_id = ${businessId} AND provider = ${provider}`,
  )
}

/** @returns undefined when it is not connected any more */
export function connectedIntegration(r: ReadDb, id: string): IntegrationRow | undefined {
  return r.get<IntegrationRow>(sql`SELECT ${columns} FROM integration WHERE id = ${id} AND disconnected_at IS NULL`)
}

/** The integrations whose keys an item holds. */
export function integrationsWith(r: ReadDb, secretId: string): IntegrationRow[] {
  return r.all<IntegrationRow>(sql`SELECT ${columns} FROM integration WHERE secret_id = ${secretId} ORDER BY connected_at, id`)
}

export function connectedIntegrations(r: ReadDb): IntegrationRow[] {
  return r.all<IntegrationRow>(sql`SELECT ${columns} FROM integration WHERE disconnected_at IS NULL ORDER BY connected_at, id`)
}

/**
 * Ids of the other businesses that are or were connected to the same account at the provider as this one. An account that a restricted
 * key may not see counts as any.
 */
export function businessesOnAccountOf(r: ReadDb, businessId: string): string[] {
  return r
    .all<{ id: string }>(sql`
      SELECT DISTINCT o.business_id AS id FROM integration i
      JOIN integration o ON o.provider = i.provider AND o.mode = i.mode AND o.business_id <> i.business_id
      WHERE i.business_id = ${businessId} AND (i.account_ref = o.account_ref OR '' IN (i.account_ref, o.account_ref))`)
    .map(({ id }) => id)
}

export function insertIntegration(
  w: WriteDb,
  row: Pick<IntegrationRow, 'id' | 'businessId' | 'provider' | 'mode' | 'accountRef' | 'pathToken'> & {
    readonly secretId: string
    readonly keyHint: string
    readonly cursorAt: number
    readonly now: number
  },
): void {
  w.run(sql`INSERT INTO integration (id, business_id, provider, mode, account_ref, path_token, secret_id, key_hint,
      connected_at, cursor_at, complete_since)
    VALUES (${row.id}, ${row.businessId}, ${row.provider}, ${row.mode}, ${row.accountRef}, ${row.pathToken}, ${row.secretId},
      ${row.keyHint}, ${row.now}, ${row.cursorAt}, ${row.now})`)
}

/** Connects an integration with an account; its key is in the item. */
export function updateAccount(
  w: WriteDb,
  id: string,
  account: Pick<IntegrationRow, 'accountRef' | 'cursorAt' | 'completeSince'> & {
    readonly secretId: string
    readonly keyHint: string
    readonly now: number
  },
): void {
  w.run(sql`UPDATE integration SET account_ref = ${account.accountRef}, secret_id = ${account.secretId}, key_hint = ${account.keyHint},
      cursor_at = ${account.cursorAt}, complete_since = ${account.completeSince}, connected_at = ${account.now}, disconnected_at = NULL,
      problem = NULL
    WHERE id = ${id}`)
}

/** The item of an integration has other keys. */
export function updateKey(
  w: WriteDb,
  id: string,
  key: Pick<IntegrationRow, 'webhookPrevious' | 'webhookRotatedAt'> & { readonly keyHint: string },
): void {
  w.run(sql`UPDATE integration SET key_hint = ${key.keyHint}, webhook_previous = ${key.webhookPrevious},
      webhook_rotated_at = ${key.webhookRotatedAt}, problem = NULL
    WHERE id = ${id}`)
}

export function forgetKey(w: WriteDb, id: string, now: number): void {
  w.run(sql`UPDATE integration SET secret_id = NULL, key_hint = NULL, webhook_previous = NULL, webhook_rotated_at = NULL,
      disconnected_at = ${now}, problem = NULL
    WHERE id = ${id}`)
}

/** @param problem what stops it, a sentence for people; null when it works */
export function setProblem(w: WriteDb, id: string, problem: string | null): void {
  w.run(sql`UPDATE integration SET problem = ${problem} WHERE id = ${id} AND problem IS NOT ${problem}`)
}

/** Records that every provider event up to `cursorAt` is here; neither the cursor nor completeness ever moves back. */
export function advanceCursor(
  w: WriteDb,
  id: string,
  to: { readonly cursorAt: number; readonly completeSince: number; readonly now: number },
): void {
  w.run(sql`UPDATE integration SET cursor_at = max(cursor_at, ${to.cursorAt}), complete_since = max(complete_since, ${to.completeSince}),
      last_sync_at = ${to.now}
    WHERE id = ${id}`)
}
