import type { Database } from './core/db/index'
import type { Projector } from './core/events/index'
import type { Gateways } from './core/integrations/index'
import { sendJob, voidJob } from './core/invoicing/index'
import type { OutboxWorker } from './core/outbox/index'
import { applyInvoiceState, applyRefundState, refundJob } from './core/payments/index'
import type { Logger } from './core/ports/logger'

/** Tells the outbox worker how to do each kind of work, and the projector what to do with each kind of object. */
export function registerWork(
  outbox: OutboxWorker,
  projector: Projector,
  { database, gateways }: { readonly database: Database; readonly gateways: Gateways },
): void {
  const jobs = { read: database.read, gatewayFor: (businessId: string) => gateways.gatewayFor(businessId) }
  outbox.register('invoice.send', sendJob(jobs))
  outbox.register('invoice.void', voidJob(jobs))
  outbox.register('refund', refundJob(jobs))
  projector.registerProjection('invoice', applyInvoiceState)
  projector.registerProjection('refund', applyRefundState)
}

/** Work of a timer that does not end the app when it fails, as on a full disk: the log says so, and its next turn tries again. */
export function triedAgain(logger: Logger, work: () => void): () => void {
  return () => {
    try {
      work()
    } catch (error) {
      logger.error({ err: error }, 'work that comes round every minute failed; it is tried again')
    }
  }
}
