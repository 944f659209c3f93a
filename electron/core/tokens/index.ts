export type { Token } from '../../../shared/contract/vault'
export { tokenHandlers } from './tokens.handlers'
export { descendsFrom, findToken, findTokenByMac, holdersOf, tokenMac, tokensMadeWith, touchToken } from './tokens.repository'
