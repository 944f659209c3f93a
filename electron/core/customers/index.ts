export { customerHandlers } from './customers.handlers'
export {
  customerHead,
  customerRef,
  readCustomer,
  readCustomerVersion,
  setCustomerRef,
  withoutPersonalData,
} from './customers.repository'
export { CustomerDirectory } from './directory'
