export { tokenHandlers } from './tokens.handlers'
export { findToken, findTokenByMac, tokenMac, touchToken } from './tokens.repository'
