export { Previews } from './previews'
export { type TransferDeps, transferHandlers } from './transfer.handlers'
