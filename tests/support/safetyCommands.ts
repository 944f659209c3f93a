import type { CommandName, Input, ProcedureName } from '../../shared/contract/index'
import type { CommandCase } from './commandTable'
import { type LiveApp, passphrase } from './liveApp'

type SafetyName = Extract<ProcedureName, `safety.${string}` | `backups.${string}`>

/** As `parsableInputs`, of the pause and the backups. */
export const parsableSafetyInputs: { readonly [N in SafetyName]: Required<Input<N>> } = {
  'safety.pause': { requestId: 'r1', reason: 'Odd refunds' },
  'safety.resume': { requestId: 'r1' },
  'safety.status': {},
  'backups.run': { requestId: 'r1' },
  'backups.list': { cursor: 'WzEsImEiXQ', limit: 10 },
  'backups.status': {},
  'backups.configure': { requestId: 'r1', on: true, at: '03:00', keepDaily: 7, keepWeekly: 4, keepMonthly: 12 },
  'backups.choosePlace': { requestId: 'r1', reset: true },
  'backups.verify': { requestId: 'r1', backupId: 'bak_x' },
  'backups.restore': { requestId: 'r1', backupId: 'bak_x', passphrase, kitCode: 'ABCD-EFGH' },
  'backups.drill': { requestId: 'r1' },
}

/** As `commandCases`, of the pause and the backups. */
export function safetyCases(live: LiveApp): { readonly [N in CommandName]?: CommandCase<N> } {
  let keepDaily = 20
  let backupId: string | undefined
  return {
    'safety.resume': {
      input: async () => {
        await live.run('safety.pause', {})
        return {}
      },
      ofVault: true,
    },
    'backups.run': { input: () => ({}), ofVault: true },
    'backups.configure': {
      input: () => {
        keepDaily += 1
        return { keepDaily }
      },
      ofVault: true,
    },
    'backups.choosePlace': { input: () => ({ reset: true }), ofVault: true },
    'backups.restore': {
      input: async () => {
        backupId ??= (await live.run('backups.run', {})).id
        return { backupId, passphrase }
      },
      ofVault: true,
    },
  }
}
