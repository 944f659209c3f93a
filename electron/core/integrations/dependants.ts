import { getBusiness } from '../businesses/index'
import type { Database, ReadDb, WriteDb } from '../db'
import { resumePaused } from '../outbox/index'
import type { Logger } from '../ports/logger'
import type { DependantSource, SecretItems } from '../secrets/index'
import { type Gateways, readKeys } from './gateways'
import { integrationsWith, updateKey } from './integrations.repository'

export interface IntegrationDependantDeps {
  readonly items: SecretItems
  readonly gateways: Gateways
  readonly database: Database
  readonly logger: Logger
  /** Called after other keys are in use, outside any transaction. */
  readonly onConnected: (businessId: string) => void
}

/** What an integration shows of a key: its last four characters. */
export function keyHintOf(secretKey: string): string {
  return secretKey.slice(-4)
}

/** Integrations as dependants of the items that hold their keys: they use other keys at once, and the signing secret before for a day more. */
export function integrationDependants(deps: IntegrationDependantDeps): DependantSource {
  const { items, gateways, database, logger } = deps
  return {
    holds: true,
    dependantsOf: (r: ReadDb, secretId) =>
      integrationsWith(r, secretId).map(({ id, businessId }) => ({
        kind: 'integration',
        id,
        label: `Stripe of ${getBusiness(r, businessId).name}`,
      })),
    changed: (w: WriteDb, secretId, { from, to, now }) => {
      const [before, after] = [readKeys(w, items, secretId, from), readKeys(w, items, secretId, to)]
      const rotated =
        before.webhookSecret !== null && after.webhookSecret !== null && before.webhookSecret !== after.webhookSecret
      for (const row of integrationsWith(w, secretId)) {
        updateKey(w, row.id, {
          keyHint: keyHintOf(after.secretKey),
          webhookPrevious: rotated ? from : row.webhookPrevious,
          webhookRotatedAt: rotated ? now : row.webhookRotatedAt,
        })
        resumePaused(w, row.businessId, now)
      }
    },
    settled: (secretId) => {
      for (const row of integrationsWith(database.read, secretId)) {
        try {
          gateways.reload(database, items, row)
        } catch (error) {
          logger.error({ err: error, integrationId: row.id }, 'a changed key could not be opened')
          continue
        }
        deps.onConnected(row.businessId)
      }
    },
  }
}
