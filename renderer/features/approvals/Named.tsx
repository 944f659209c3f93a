import { Fragment } from 'react'
import { CustomerName } from '../customers/customerNames'
import { SecretTitle } from '../secrets/SecretTitle'

/** Ids of one item of the vault or of several, as facts list them. */
const itemIds = /^sec_\w+(?:, sec_\w+)*$/

/** A value of a request: facts hold ids only, so names of customers and items of the vault are read here. Anything else is shown as it is. */
export function Named({ value }: { readonly value: string }) {
  if (/^cus_\w+$/.test(value)) return <CustomerName customerId={value} />
  if (itemIds.test(value)) {
    return value.split(', ').map((secretId, index) => (
      <Fragment key={secretId}>
        {index === 0 ? null : ', '}
        <SecretTitle secretId={secretId} />
      </Fragment>
    ))
  }
  return <span>{value}</span>
}
