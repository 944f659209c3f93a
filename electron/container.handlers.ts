import type { BridgeEvent } from '../shared/contract/bridge'
import type { ProcedureName } from '../shared/contract/index'
import { AppError } from '../shared/errors'
import { governanceHandlers, holdChangedCustomer } from './container.governance'
import type { HelperAccess } from './container.grants'
import type { VaultSecurityDesk } from './container.keys'
import { isPracticeKey } from './container.practice'
import type { Safety } from './container.safety'
import type { SecretVault } from './container.secrets'
import type { SecretTransfer } from './container.transfer'
import { type AuditFileDeps, auditFileHandlers, auditHandlers, restoreHandlers } from './core/audit/index'
import { businessHandlers, rateHandlers } from './core/businesses/index'
import { type CustomerDirectory, customerHandlers } from './core/customers/index'
import type { Handlers } from './core/dispatch/handler'
import type { AnyCommandHandler, AnyQueryHandler, DispatchDeps, Dispatcher } from './core/dispatch/index'
import { type EventSync, eventHandlers, gapCount, type Projector } from './core/events/index'
import { businessesOnAccountOf, type Gateways, integrationHandlers } from './core/integrations/index'
import { explainInvoice, hasNumbers, invoiceHandlers } from './core/invoicing/index'
import { type LedgerImporter, ledgerFileHandlers, ledgerHandlers, openChart } from './core/ledger/index'
import { explainFee, explainPayment, explainRefund, paymentHandlers } from './core/payments/index'
import type { FileDialogs } from './core/ports/fileDialogs'
import { tokenHandlers } from './core/tokens/index'
import type { World } from './core/vault/index'
import type { PracticeStripe } from './practice/stripe/index'

export interface HandlerParts {
  readonly dispatchDeps: DispatchDeps
  readonly dispatcher: Dispatcher
  readonly world: World
  readonly security: VaultSecurityDesk
  readonly tokenKey: Uint8Array
  readonly secrets: SecretVault
  readonly helpers: HelperAccess
  readonly transfer: SecretTransfer
  readonly gateways: Gateways
  readonly projector: Projector
  readonly sync: EventSync
  readonly directory: CustomerDirectory
  readonly importer: LedgerImporter
  readonly auditFiles: AuditFileDeps
  readonly safety: Safety
  readonly fileDialogs: FileDialogs | null
  readonly publish: (event: BridgeEvent) => void
  readonly webhookOrigin: () => string | null
  readonly practiceStripe: () => PracticeStripe | null
  readonly onConnected: (businessId: string) => void
}

/** Calls of the practice provider on one page. */
const callsPerPage = 500

/** Fills the map procedure -> handler. A procedure without a handler does not compile. */
export function buildHandlers(map: Map<ProcedureName, AnyCommandHandler | AnyQueryHandler>, parts: HandlerParts): void {
  const connectedOrThrow = (businessId: string) => parts.gateways.connectedOrThrow(businessId)
  const handlers = {
    ...businessHandlers({ openChart, world: parts.world, hasNumbers, sharingAccount: businessesOnAccountOf }),
    ...rateHandlers(),
    ...customerHandlers({
      directory: parts.directory,
      onContactChanged: holdChangedCustomer(parts.dispatchDeps.digestKey),
    }),
    ...integrationHandlers({
      world: parts.world,
      items: parts.secrets.items,
      reveal: parts.secrets.reveal.bind(parts.secrets),
      gateways: parts.gateways,
      isPracticeKey,
      webhookBase: parts.webhookOrigin,
      gapCount,
      onConnected: parts.onConnected,
    }),
    ...invoiceHandlers({ directory: parts.directory, connectedOrThrow }),
    ...paymentHandlers({ directory: parts.directory, connectedOrThrow }),
    ...governanceHandlers(parts.dispatchDeps, parts.dispatcher),
    ...ledgerHandlers({
      importer: parts.importer,
      explain: { invoice: explainInvoice, payment: explainPayment, fee: explainFee, refund: explainRefund },
    }),
    ...ledgerFileHandlers({
      importer: parts.importer,
      dialogs: () => {
        if (parts.fileDialogs === null) throw new AppError('not_found', 'There is no screen here to choose a file at.')
        return parts.fileDialogs
      },
      onProgress: (businessId, progress) => parts.publish({ kind: 'importProgress', businessId, ...progress }),
    }),
    ...eventHandlers({ gateways: parts.gateways, projector: parts.projector, sync: parts.sync }),
    ...auditHandlers(parts.auditFiles),
    ...auditFileHandlers(parts.auditFiles),
    ...restoreHandlers({ ...parts.auditFiles, stepUp: parts.security.stepUp }),
    ...parts.security.handlers(),
    ...parts.safety.handlers(),
    ...parts.secrets.handlers(),
    ...parts.helpers.handlers(),
    ...parts.transfer.handlers,
    ...tokenHandlers(parts.tokenKey),
    ...practiceHandlers(parts),
  } satisfies Handlers<ProcedureName>
  for (const [name, handler] of Object.entries(handlers))
    map.set(name as ProcedureName, handler as AnyCommandHandler | AnyQueryHandler)
}

function practiceHandlers(parts: HandlerParts): Handlers<'practice.setFaults' | 'practice.calls'> {
  const stripe = (): PracticeStripe => {
    const running = parts.practiceStripe()
    if (running === null) throw new AppError('not_found', 'There is no practice provider in a live vault.')
    return running
  }
  return {
    'practice.setFaults': {
      task: async (context, input) => {
        const faults = Object.fromEntries(Object.entries(input.stripe ?? {}).filter(([, value]) => value !== undefined))
        stripe().setFaults(faults)
        context.note({ faults: Object.keys(faults) })
        return { stripe: faults }
      },
    },
    'practice.calls': (_, { cursor }) => {
      const before = cursor === undefined ? undefined : Number(cursor)
      if (before !== undefined && !Number.isSafeInteger(before))
        throw new AppError('invalid_input', 'The cursor does not belong to this list. Start again without a cursor.')
      const { items, next } = stripe().calls({ limit: callsPerPage, ...(before === undefined ? {} : { before }) })
      return { items, nextCursor: next === null ? null : String(next) }
    },
  }
}
