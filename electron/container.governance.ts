import { approvalHandlers } from './core/approvals/index'
import { getBusiness } from './core/businesses/index'
import type { ChangedContact } from './core/customers/index'
import type { ReadDb, WriteDb } from './core/db/index'
import { type DispatchDeps, type Dispatcher, decisionsOf, statesFacts } from './core/dispatch/index'
import { payeeDetailsChanged, payeeDetailsDigest, payeeHandlers } from './core/payees/index'
import { payingCommands, policyHandlers } from './core/policies/index'

/** The handlers of approvals, rules and payees. */
export function governanceHandlers(deps: DispatchDeps, dispatcher: Dispatcher) {
  const assertBusiness = (db: ReadDb, businessId: string) => void getBusiness(db, businessId)
  return {
    ...approvalHandlers({ ...decisionsOf(() => ({ deps, dispatcher })), assertBusiness }),
    ...policyHandlers({ assertBusiness, statesFacts: (name) => statesFacts(deps.handlers, name) }),
    ...payeeHandlers({
      assertBusiness,
      paying: payingCommands,
      now: () => deps.clock.now(),
      isOneHand: (a, b) => deps.actors.isOwnRequest(a, b) || deps.actors.isOwnRequest(b, a),
    }),
  }
}

/** Holds a customer in quarantine whose e-mail or address has changed. */
export function holdChangedCustomer(digestKey: Uint8Array) {
  return (w: WriteDb, { businessId, customerId, email, address, by, now }: ChangedContact): void => {
    const detailsDigest = payeeDetailsDigest(digestKey, { email, address: address === null ? '' : JSON.stringify(address) })
    payeeDetailsChanged(w, { businessId, kind: 'customer', subjectId: customerId, detailsDigest, by: [by], now })
  }
}
