export { Broker, type BrokerDeps, mostAnswerBytes } from './broker'
export { brokerHandlers } from './broker.handlers'
export type { PracticeOrigins } from './destination'
