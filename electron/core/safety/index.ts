export { beginPause, type PauseRow, readPause } from './pause.repository'
export { PauseSwitch } from './pauseSwitch'
export { type SafetyDeps, safetyHandlers } from './safety.handlers'
