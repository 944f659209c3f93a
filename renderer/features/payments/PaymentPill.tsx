import type { Payment } from '../../../shared/contract/payments'
import { StatusPill } from '../../components/StatusPill'
import { words } from './words'

/** How much of a payment is still here. */
export function PaymentPill({ status }: { readonly status: Payment['status'] }) {
  switch (status) {
    case 'succeeded':
      return <StatusPill tone="green">{words.statuses.succeeded}</StatusPill>
    case 'partially_refunded':
      return (
        <StatusPill tone="brass" mark="half">
          {words.statuses.partially_refunded}
        </StatusPill>
      )
    case 'refunded':
      return (
        <StatusPill tone="quiet" mark="bar">
          {words.statuses.refunded}
        </StatusPill>
      )
  }
}
