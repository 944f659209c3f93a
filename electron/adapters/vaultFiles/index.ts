export { foreignVaultReader } from './reader'
export { workerReader } from './workerReader'
