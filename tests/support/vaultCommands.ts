import type { CommandName } from '../../shared/contract/index'
import type { CommandCase } from './commandTable'
import { type LiveApp, passphrase } from './liveApp'

/** As `commandCases`, of what opens the vault and what goes on while it is locked. */
export function vaultCases(live: LiveApp): { readonly [N in CommandName]?: CommandCase<N> } {
  let idleMinutes = 5
  return {
    'vault.configure': {
      input: () => {
        idleMinutes += 1
        return { idleMinutes }
      },
      ofVault: true,
    },
    'vault.revokeRecoveryKit': {
      input: async () => {
        await live.run('vault.createRecoveryKit', { passphrase })
        return {}
      },
      ofVault: true,
    },
  }
}
