export { type IntegrationDependantDeps, integrationDependants } from './dependants'
export { type Connected, type GatewayFactory, Gateways, type KeyUse, notConnected, secretsInUse } from './gateways'
export { type IntegrationDeps, integrationHandlers } from './integrations.handlers'
export {
  advanceCursor,
  businessesOnAccountOf,
  connectedIntegration,
  type IntegrationRow,
  setProblem,
} from './integrations.repository'
export type { Mode } from './keyMode'
export { keyUses } from './keyUses'
export { stripeTester } from './stripeTester'
