import { CustomerName } from '../customers/customerNames'
import { SecretTitle } from '../secrets/SecretTitle'

/** A value of a request: facts hold ids only, so names of customers and items of the vault are read here. Anything else is shown as it is. */
export function Named({ value }: { readonly value: string }) {
  if (/^cus_\w+$/.test(value)) return <CustomerName customerId={value} />
  if (/^sec_\w+$/.test(value)) return <SecretTitle secretId={value} />
  return <span>{value}</span>
}
