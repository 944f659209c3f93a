import { randomBytes } from 'node:crypto'
import type { Integration, Provider } from '../../../shared/contract/integrations'
import { AppError, assertNever } from '../../../shared/errors'
import { fixMode, getBusiness, separatePrefix } from '../businesses/index'
import type { ReadDb, WriteDb } from '../db'
import { cursorOfAnotherList } from '../db/paging'
import type { Handlers, TaskContext } from '../dispatch/handler'
import { hasOutboxRows, outboxProblems, resumePaused } from '../outbox/index'
import { newId } from '../ports/ids'
import type { GatewayAccount, GatewayOutcome } from '../ports/paymentGateway'
import { type Act, itemFacts, laidOver, type OpenField, type SecretItems, wipeFields } from '../secrets/index'
import { keyHintOf } from './dependants'
import { type Gateways, secretKeyField, webhookSecretField } from './gateways'
import {
  businessesOnAccountOf,
  findIntegration,
  forgetKey,
  type IntegrationRow,
  insertIntegration,
  updateAccount,
} from './integrations.repository'
import { checkMode, type Mode, modeOfKey } from './keyMode'

/** Events of the last day are read at the first connection too: the machine's clock may run ahead of the provider's. Milliseconds. */
const firstLookBack = 86_400_000

export interface IntegrationDeps {
  readonly world: 'live' | 'practice'
  readonly items: SecretItems
  /** Shows a value of an item with everything that stands before it: who may, step-up, audit first. */
  readonly reveal: <T>(
    context: TaskContext,
    place: { readonly secretId: string; readonly field: string },
    procedure: string,
    toOutput: (value: string) => T,
  ) => T
  readonly gateways: Gateways
  readonly isPracticeKey: (secretKey: string) => boolean
  /** Origin of the webhook door as a provider can reach it, without a slash at the end; null while it is closed. */
  readonly webhookBase: () => string | null
  /** Provider events of an integration that are known but not applied. */
  readonly gapCount: (r: ReadDb, integrationId: string) => number
  /** Called after a key was stored, outside any transaction. */
  readonly onConnected: (businessId: string) => void
}

type Names = 'integrations.connect' | 'integrations.list' | 'integrations.disconnect' | 'integrations.reveal'

export function integrationHandlers(deps: IntegrationDeps): Handlers<Names> {
  const { items, gateways } = deps

  const present = (r: ReadDb, businessId: string, provider: Provider): Integration => {
    const row = findIntegration(r, businessId, provider)
    const base = deps.webhookBase()
    if (row === undefined || row.disconnectedAt !== null) {
      return {
        businessId,
        provider,
        state: 'not_connected',
        problem: null,
        keyHint: null,
        lastSyncAt: row?.lastSyncAt ?? null,
        completeSince: null,
        gapCount: 0,
        webhookUrl: null,
      }
    }
    const paused = outboxProblems(r, businessId).find(({ state }) => state === 'paused')
    return {
      businessId,
      provider,
      state: row.mode,
      problem: row.problem ?? paused?.problem ?? null,
      keyHint: row.keyHint,
      lastSyncAt: row.lastSyncAt,
      completeSince: row.completeSince,
      gapCount: deps.gapCount(r, row.id),
      webhookUrl: base === null ? null : `${base}/webhooks/${provider}/${row.pathToken}`,
    }
  }

  /** Puts the keys into the item of a known integration, or into a new one. @returns the item's id */
  const storeKeys = (w: WriteDb, key: NewKey, known: IntegrationRow | undefined): string => {
    const given = keyFields(key)
    try {
      if (known === undefined || known.secretId === null) {
        const title = `Stripe of ${getBusiness(w, key.businessId).name}`.slice(0, 200)
        return items.create(w, { businessId: key.businessId, kind: 'stripe', title, fields: given }, key.act)
      }
      const before = items.readFields(w, known.secretId)
      try {
        items.change(w, known.secretId, { fields: laidOver(before, given) }, key.act)
      } finally {
        wipeFields(before)
      }
      return known.secretId
    } finally {
      wipeFields(given)
    }
  }

  const store = (w: WriteDb, key: NewKey): void => {
    fixMode(w, key.businessId, key.mode)
    const known = findIntegration(w, key.businessId, key.provider)
    // A restricted key may not see its account; then there is nothing to compare.
    const sameAccount =
      known === undefined || known.accountRef === '' || key.accountId === '' || known.accountRef === key.accountId
    if (!sameAccount && hasOutboxRows(w, key.businessId)) {
      throw new AppError(
        'conflict',
        'This key belongs to another Stripe account than the one these books refer to. Nothing was changed. Use a key of the first account, or create another business.',
      )
    }
    const secretId = storeKeys(w, key, known)
    const account = { secretId, keyHint: keyHintOf(key.secretKey), now: key.now }
    if (known === undefined) {
      insertIntegration(w, {
        ...account,
        id: newId('int', key.now),
        businessId: key.businessId,
        provider: key.provider,
        mode: key.mode,
        accountRef: key.accountId,
        pathToken: randomBytes(16).toString('base64url'),
        cursorAt: key.now - firstLookBack,
      })
      return
    }
    updateAccount(w, known.id, {
      ...account,
      accountRef: key.accountId === '' ? known.accountRef : key.accountId,
      cursorAt: sameAccount ? known.cursorAt : key.now - firstLookBack,
      completeSince: sameAccount ? known.completeSince : key.now,
    })
  }

  return {
    'integrations.connect': {
      async task(context, input) {
        const { businessId, provider, secretKey } = input
        const { database } = context
        const mode = modeOfKey(secretKey, deps.isPracticeKey)
        checkMode(mode, deps.world, getBusiness(database.read, businessId).mode)
        const account = accountOrThrow(await gateways.make(provider, secretKey).checkAccount(), mode)
        const shown = database.write((w) => {
          checkMode(mode, deps.world, getBusiness(w, businessId).mode)
          const act: Act = { actor: context.actor.name, door: context.door, procedure: 'integrations.connect', now: context.now }
          store(w, { ...input, mode, accountId: account.accountId, now: context.now, act })
          const invoicePrefix = separatePrefix(w, businessId, businessesOnAccountOf(w, businessId))
          if (invoicePrefix !== null) context.note({ invoicePrefix })
          context.note({ businessId, provider, mode, resumed: resumePaused(w, businessId, context.now) })
          const after = present(w, businessId, provider)
          context.settle(w, after)
          return after
        })
        gateways.reload(database, items, connectedRow(database.read, businessId, provider))
        deps.onConnected(businessId)
        context.changed('integrations', 'secrets', 'businesses', 'invoices', 'payments')
        return shown
      },
    },

    'integrations.list': (context, { businessId, cursor }) => {
      if (cursor !== undefined) throw cursorOfAnotherList()
      getBusiness(context.db, businessId)
      return { items: [present(context.db, businessId, 'stripe')], nextCursor: null }
    },

    'integrations.disconnect': {
      async task(context, { businessId, provider }) {
        const { database } = context
        const shown = database.write((w) => {
          getBusiness(w, businessId)
          const row = findIntegration(w, businessId, provider)
          if (row !== undefined && row.disconnectedAt === null) {
            forgetKey(w, row.id, context.now)
            const act: Act = {
              actor: context.actor.name,
              door: context.door,
              procedure: 'integrations.disconnect',
              now: context.now,
            }
            if (row.secretId !== null) items.destroy(w, row.secretId, act)
          }
          context.note({ businessId, provider })
          const after = present(w, businessId, provider)
          context.settle(w, after)
          return after
        })
        gateways.remove(businessId)
        context.changed('integrations', 'secrets')
        return shown
      },
    },

    'integrations.reveal': {
      facts: (db, { businessId, provider }) =>
        itemFacts(items.summary(db, storedKey(db, businessId, provider)), {
          what: 'Show a stored provider key',
          undo: 'no',
          after: { provider },
        }),
      async task(context, { businessId, provider }) {
        const place = { secretId: storedKey(context.database.read, businessId, provider), field: secretKeyField }
        context.note({ businessId, provider })
        const shown = deps.reveal(context, place, 'integrations.reveal', (secretKey) => ({ secretKey }))
        context.changed('secrets')
        return shown
      },
    },
  }
}

/** The item that holds the key of a provider. @throws AppError not_found, not_connected */
function storedKey(r: ReadDb, businessId: string, provider: Provider): string {
  getBusiness(r, businessId)
  const row = findIntegration(r, businessId, provider)
  if (row === undefined || row.secretId === null) {
    throw new AppError('not_connected', 'No key is stored: Stripe is not connected to this business.')
  }
  return row.secretId
}

interface NewKey {
  readonly businessId: string
  readonly provider: Provider
  readonly secretKey: string
  readonly webhookSecret?: string | undefined
  readonly mode: Mode
  readonly accountId: string
  readonly now: number
  readonly act: Act
}

/** The fields of an item that holds these keys; the webhook secret only where one was given. */
function keyFields({ secretKey, webhookSecret }: Pick<NewKey, 'secretKey' | 'webhookSecret'>): OpenField[] {
  const field = (name: string, text: string): OpenField => ({ name, type: 'hidden', value: Buffer.from(text, 'utf8') })
  const key = field(secretKeyField, secretKey)
  return webhookSecret === undefined ? [key] : [key, field(webhookSecretField, webhookSecret)]
}

function connectedRow(r: ReadDb, businessId: string, provider: Provider): IntegrationRow {
  const row = findIntegration(r, businessId, provider)
  if (row === undefined) throw new Error('The integration that was just stored is not there')
  return row
}

function accountOrThrow(outcome: GatewayOutcome<GatewayAccount>, mode: Mode): GatewayAccount {
  switch (outcome.kind) {
    case 'succeeded':
    case 'pending':
      if (outcome.value.livemode !== (mode === 'live')) {
        throw new AppError('invalid_input', 'Stripe says that this key is of the other mode than it looks. Nothing was stored.')
      }
      return outcome.value
    case 'uncertain':
      throw new AppError('unavailable', `The key could not be tried, and nothing was stored. ${outcome.message} Try again soon.`)
    case 'declined':
    case 'misconfigured':
      throw new AppError('invalid_input', `The key was not accepted, and nothing was stored. ${outcome.message}`)
    default:
      return assertNever(outcome)
  }
}
