export type { Token } from '../../../shared/contract/vault'
export { tokenHandlers } from './tokens.handlers'
export { descendsFrom, findToken, findTokenByMac, tokenMac, touchToken } from './tokens.repository'
