import type { ApprovalsDeps } from '../approvals/index'
import type { DispatchDeps } from './call'
import { cardOf } from './conclude'
import { decide } from './decide'
import type { Dispatcher } from './dispatch'
import { editAndApprove } from './editAndApprove'
import { decidePlan, propose } from './plans'

/** What the handlers of `approvals.*` need of dispatch; asked anew at each call. */
export function decisionsOf(
  parts: () => { readonly deps: DispatchDeps; readonly dispatcher: Dispatcher },
): Omit<ApprovalsDeps, 'assertBusiness'> {
  return {
    decide: (context, input) => decide(parts().deps, parts().dispatcher, context, input),
    editAndApprove: (context, input) => editAndApprove(parts().deps, parts().dispatcher, context, input),
    propose: (context, input) => propose(parts().deps, context, input),
    decidePlan: (context, input) => decidePlan(parts().deps, parts().dispatcher, context, input),
    cardOf: (parked) => cardOf(parts().deps, parked),
  }
}
