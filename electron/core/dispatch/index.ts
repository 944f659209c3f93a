export type { Actor, ActorName, Door } from './actor'
export { decisionsOf } from './decisions'
export {
  type AnyCommandHandler,
  type AnyQueryHandler,
  type Caller,
  type DispatchDeps,
  Dispatcher,
  procedureNames,
  statesFacts,
} from './dispatch'
export { inputError, wordsOf } from './inputError'
export { openApi } from './openapi'
export { parkedPlace } from './parking'
