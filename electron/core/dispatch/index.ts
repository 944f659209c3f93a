export type { Actor, ActorName, Door } from './actor'
export { type Decision, decide } from './decide'
export {
  type AnyCommandHandler,
  type AnyQueryHandler,
  type Caller,
  type DispatchDeps,
  Dispatcher,
  procedureNames,
} from './dispatch'
export { inputError, wordsOf } from './inputError'
export { openApi } from './openapi'
