import { CustomerName } from '../customers/customerNames'

/** Who receives it: facts hold ids only, so the name of a customer is read here. Accounts are shown as they are. */
export function Payee({ payee }: { readonly payee: string }) {
  return payee.startsWith('cus_') ? <CustomerName customerId={payee} /> : <span>{payee}</span>
}
