import type { Output } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { Handlers } from '../dispatch/handler'
import type { World } from './vault'
import type { Session } from './vault.session'

export interface VaultHandlerDeps {
  readonly session: Session
  readonly world: World
  readonly version: string
  /** What locking does beyond dropping the records key: head signed, page destroyed. */
  readonly lock: () => void
}

export function vaultHandlers(
  deps: VaultHandlerDeps,
): Handlers<'vault.status' | 'vault.lock' | 'vault.unlock' | 'vault.changePassphrase'> {
  const status = (): Output<'vault.status'> => ({
    state: deps.session.state === 'unlocked' ? 'unlocked' : 'locked',
    world: deps.world,
    version: deps.version,
  })
  return {
    'vault.status': () => status(),
    'vault.lock': {
      task: async (context) => {
        deps.lock()
        context.changed('vault')
        return status()
      },
    },
    'vault.unlock': {
      task: async (context, input) => {
        await deps.session.unlock({ passphrase: input.passphrase ?? '' }, context.door)
        context.changed('vault')
        return status()
      },
    },
    'vault.changePassphrase': {
      task: async (context, input) => {
        if (input.current === input.next)
          throw new AppError('invalid_input', 'The passphrase was not changed: the new one is the same as the old one.')
        await deps.session.changePassphrase(input.current, input.next, context.door)
        context.changed('vault')
        return status()
      },
    },
  }
}
