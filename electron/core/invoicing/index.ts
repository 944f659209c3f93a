export { postOnOpenDay, reverseSource } from './booking'
export { explainInvoice } from './explain'
export {
  type Change,
  markIssued,
  markPaid,
  markUncollectible,
  markVoided,
} from './invoiceLifecycle'
export type { InvoiceRow } from './invoiceRow'
export { type InvoiceQuery, invoiceIdsOf, queryOf } from './invoiceSearch'
export { type InvoiceDeps, invoiceHandlers, readInvoice } from './invoices.handlers'
export {
  findInvoiceByRef,
  findInvoiceRow,
  hasNumbers,
  invoiceOf,
  readInvoiceRow,
  rebaseHostedUrls,
  setAmountPaid,
  setHostedUrl,
  setProblem,
} from './invoices.repository'
export { accounts, type InvoiceComponent, type Posting } from './postingRules'
export { type JobDeps, notConnected, sendJob, withoutNames } from './sendJob'
export { voidJob } from './voidJob'
