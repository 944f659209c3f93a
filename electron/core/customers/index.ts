export { type ChangedContact, customerHandlers } from './customers.handlers'
export {
  customerAtProvider,
  customerHead,
  readCustomer,
  readCustomerVersion,
  setCustomerAtProvider,
  withoutPersonalData,
} from './customers.repository'
export { CustomerDirectory } from './directory'
