export { createOutboundHttps, type OutboundHttpsOptions } from './outboundHttps'
export { isPublicAddress } from './publicAddress'
