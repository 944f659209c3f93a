export { type Connected, type GatewayFactory, Gateways, notConnected, secretsInUse } from './gateways'
export { type IntegrationDeps, integrationHandlers } from './integrations.handlers'
export {
  advanceCursor,
  businessesOnAccountOf,
  connectedIntegration,
  type IntegrationRow,
  setProblem,
} from './integrations.repository'
export type { Mode } from './keyMode'
